with

shares as (
    select
        indicator_id,
        organisation_code,
        quarter,
        priced_numerator,
        priced_denominator,
        numerator_cost_gbp,
        denominator_cost_gbp
    from {{ ref('int_drug_shares') }}
),

reference as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference
),

totals as (
    select
        shares.indicator_id,
        shares.quarter,
        sum(shares.priced_numerator) as priced_numerator,
        sum(shares.priced_denominator) as priced_denominator,
        sum(shares.numerator_cost_gbp) as numerator_cost_gbp,
        sum(shares.denominator_cost_gbp) as denominator_cost_gbp
    from shares
    inner join reference
        on
            shares.indicator_id = reference.indicator_id
            and shares.organisation_code = reference.organisation_code
            and shares.quarter = reference.quarter
    group by shares.indicator_id, shares.quarter
),

final as (
    select
        totals.indicator_id,
        totals.quarter,
        {{ saving_per_item('totals') }} as saving_per_item_gbp
    from totals
)

select * from final
