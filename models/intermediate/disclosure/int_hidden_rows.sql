with

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        numerator,
        denominator
    from {{ ref('int_indicators_benchmarked') }}
),

disclosive_counts as (
    select
        indicator_id,
        {{ explode_list('disclosive_counts') }} as disclosive_count
    from {{ ref('indicators') }}
    where disclosive_counts is not null
),

fingerprints as (
    select * from {{ ref('int_data_fingerprints') }}
),

released as (
    select
        indicator_id,
        organisation_code,
        quarter,
        data_fingerprint
    from {{ ref('int_released_values') }}
    where kind = 'public' and disclosure_status = 'suppressed'
),

counts as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        case disclosive_counts.disclosive_count
            when 'numerator' then results.numerator
            when 'denominator' then results.denominator
            when 'complement' then results.denominator - results.numerator
        end as n_patients
    from results
    inner join disclosive_counts
        on results.indicator_id = disclosive_counts.indicator_id
),

-- Rulebook 10.6: a row that a public release has hidden stays so while its data are the same.
hidden as (
    select
        indicator_id,
        organisation_code,
        quarter,
        true as has_small_count
    from counts
    where {{ is_small_count('n_patients') }}
    union all
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        false as has_small_count
    from results
    inner join released
        on
            results.indicator_id = released.indicator_id
            and results.organisation_code = released.organisation_code
            and results.quarter = released.quarter
    left join fingerprints
        on
            results.indicator_id = fingerprints.indicator_id
            and results.quarter = fingerprints.quarter
    where released.data_fingerprint is not distinct from fingerprints.data_fingerprint
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        bool_or(has_small_count) as has_small_count
    from hidden
    group by indicator_id, organisation_code, quarter
)

select * from final
