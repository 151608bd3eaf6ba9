with

results as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        value is not null as has_value,
        short_name in ({{ resident_indicators() }}) as is_of_residents,
        publication_status in ('published', 'caveat') as is_published
    from {{ ref('int_indicators_benchmarked') }}
    where
        short_name in (
            {{ resident_indicators() }},
            'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'emergency_readmission'
        )
),

parts as (
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        observed,
        cast(null as bigint) as n_spells,
        expected,
        cast(null as double) as expected_variance
    from {{ ref('int_cases_by_deprivation') }}
    union all
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        observed,
        n_spells,
        expected,
        expected_variance
    from {{ ref('int_standardised_totals_by_deprivation') }}
),

-- Rulebook 9.18: a trust's own fifths would be too few for limits that say anything.
areas as (
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        'organisation' as area_level,
        organisation_code as area_code
    from results
    where has_value and is_of_residents
    union all
    select
        indicator_id,
        short_name,
        organisation_code,
        quarter,
        'england' as area_level,
        'england' as area_code
    from results
    where is_published
),

fifths as (
    {% for fifth in range(1, 6) -%}
        select {{ fifth }} as deprivation_quintile
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Every area has five rows, whoever lives there; who is of no known fifth is in none.
final as (
    select
        areas.indicator_id,
        areas.area_level,
        areas.area_code,
        areas.quarter,
        fifths.deprivation_quintile,
        coalesce(sum(parts.observed), 0) as observed,
        sum(parts.n_spells) as n_spells,
        coalesce(sum(parts.expected), 0) as expected,
        sum(parts.expected_variance) as expected_variance
    from areas
    cross join fifths
    left join parts
        on
            areas.short_name = parts.short_name
            and areas.organisation_code = parts.organisation_code
            and areas.quarter = parts.quarter
            and fifths.deprivation_quintile = parts.deprivation_quintile
    group by
        areas.indicator_id, areas.area_level, areas.area_code, areas.quarter,
        fifths.deprivation_quintile
)

select * from final
