with

expectations as (
    select
        short_name,
        spell_id,
        organisation_code,
        quarter,
        observed,
        expected
    from {{ ref('int_spell_expectations') }}
    where short_name in ('length_of_stay', 'pre_op_bed_days') and expected is not null
),

spells as (
    select
        spell_id,
        hrg_code,
        admission_group,
        treatment_function,
        consultant_code,
        submitted_pct_code
    from {{ ref('int_spells') }}
    where is_counted and is_ordinary
),

results as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        benchmark_value,
        excess_units,
        unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

consultants as (
    select
        organisation_code,
        consultant_code,
        consultant
    from {{ ref('int_consultants') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

parts as (
    select
        expectations.short_name,
        expectations.organisation_code,
        expectations.quarter,
        coalesce(spells.hrg_code, 'none') as hrg_code,
        spells.admission_group,
        coalesce(spells.treatment_function, 'none') as treatment_function,
        coalesce(consultants.consultant, 'unknown') as consultant,
        coalesce(organisation_map.organisation_code, 'unknown') as pct_code,
        count(*) as n_spells,
        sum(expectations.observed) as bed_days,
        sum(expectations.expected) as expected_bed_days
    from expectations
    inner join spells
        on expectations.spell_id = spells.spell_id
    left join consultants
        on
            expectations.organisation_code = consultants.organisation_code
            and spells.consultant_code = consultants.consultant_code
    left join organisation_map
        on
            spells.submitted_pct_code = organisation_map.code
            and expectations.quarter = organisation_map.quarter
    group by all
),

-- Excess is over the benchmark, the trust's casemix at the rate of the best quarter, and may be
-- negative in a part; the parts sum to the trust's.
compared as (
    select
        results.indicator_id,
        results.excess_units,
        results.unit_price_gbp,
        parts.*,
        parts.bed_days - parts.expected_bed_days * results.benchmark_value / 100 as excess_bed_days
    from parts
    inner join results
        on
            parts.short_name = results.short_name
            and parts.organisation_code = results.organisation_code
            and parts.quarter = results.quarter
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        results.hrg_code,
        results.admission_group,
        results.treatment_function,
        results.consultant,
        results.pct_code,
        results.n_spells,
        results.bed_days,
        results.expected_bed_days,
        results.excess_bed_days,
        {{ shared_opportunity('results.excess_bed_days') }} as opportunity_annual_gbp
    from compared as results
)

select * from final
