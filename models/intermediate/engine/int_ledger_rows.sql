with

results as (
    select * from {{ ref('int_indicators_benchmarked') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

fingerprints as (
    select * from {{ ref('int_data_fingerprints') }}
),

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

-- Rulebook 4.6 and 2.3: the published total, of the class that areas add up.
final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.organisation_class,
        results.value,
        results.publication_status,
        results.national_rank,
        results.opportunity_annual_gbp,
        {{ is_in_published_total('results.quarter') }}
        and results.organisation_class = indicators.area_class as is_in_published_total,
        fingerprints.data_fingerprint,
        case when hidden_rows.indicator_id is null then 'shown' else 'suppressed' end
            as disclosure_status
    from results
    inner join indicators
        on results.indicator_id = indicators.indicator_id
    left join fingerprints
        on
            results.indicator_id = fingerprints.indicator_id
            and results.quarter = fingerprints.quarter
    left join hidden_rows
        on
            results.indicator_id = hidden_rows.indicator_id
            and results.organisation_code = hidden_rows.organisation_code
            and results.quarter = hidden_rows.quarter
)

select * from final
