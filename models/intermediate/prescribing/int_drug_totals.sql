with

shares as (
    select
        indicator_id,
        organisation_code,
        quarter,
        numerator,
        denominator,
        priced_numerator,
        priced_denominator,
        numerator_cost_gbp,
        denominator_cost_gbp
    from {{ ref('int_drug_shares') }}
),

indicators as (
    select distinct indicator_id from {{ ref('indicator_drug_groups') }}
),

submitted as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_indicator_spine') }}
    where is_submitted
),

reference_savings as (
    select * from {{ ref('int_drug_reference_savings') }}
),

-- Who sent rows, but none of these drugs, has nought of them.
totals as (
    select
        submitted.indicator_id,
        submitted.organisation_code,
        submitted.quarter,
        coalesce(sum(shares.numerator), 0) as numerator,
        coalesce(sum(shares.denominator), 0) as denominator,
        coalesce(sum(shares.priced_numerator), 0) as priced_numerator,
        coalesce(sum(shares.priced_denominator), 0) as priced_denominator,
        sum(shares.numerator_cost_gbp) as numerator_cost_gbp,
        sum(shares.denominator_cost_gbp) as denominator_cost_gbp
    from submitted
    inner join indicators
        on submitted.indicator_id = indicators.indicator_id
    left join shares
        on
            submitted.indicator_id = shares.indicator_id
            and submitted.organisation_code = shares.organisation_code
            and submitted.quarter = shares.quarter
    group by submitted.indicator_id, submitted.organisation_code, submitted.quarter
),

final as (
    select
        totals.*,
        {{ own_saving_per_item('totals', 'reference_savings') }} as saving_per_item_gbp
    from totals
    left join reference_savings
        on
            totals.indicator_id = reference_savings.indicator_id
            and totals.quarter = reference_savings.quarter
)

select * from final
