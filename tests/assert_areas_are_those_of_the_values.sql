-- Every area's sums, counts and value, worked out again from the organisations' values: authorities
-- by the organisation's own, England of all.
{% set sums = ['numerator', 'denominator', 'expected', 'simple_mean'] -%}
with

results as (
    select
        results.indicator_id,
        results.organisation_class,
        results.quarter,
        organisations.sha_code,
        results.publication_status in ('published', 'caveat') as is_counted,
        case when is_counted then results.numerator end as numerator,
        case when is_counted then results.denominator end as denominator,
        case when is_counted then results.expected end as expected,
        case when is_counted then results.value end as value,
        case
            when results.expected is null then results.value / nullif(results.crude_value, 0)
            else results.value / nullif(results.numerator / nullif(results.expected, 0), 0)
        end as factor
    from {{ ref('fct_indicator_values') }} as results
    left join {{ ref('dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
),

areas as (
    select
        *,
        'sha' as area_level,
        sha_code as area_code
    from results
    where sha_code is not null
    union all
    select
        *,
        'england' as area_level,
        'england' as area_code
    from results
),

-- What one organisation's value is of its own numerator over what it is held against, is the same
-- for all of a quarter: 100 of an index, 1,000 of a rate per 1,000, the reference's rate of BCBV03.
factors as (
    select
        indicator_id,
        quarter,
        median(factor) as factor
    from results
    group by indicator_id, quarter
),

wanted as (
    select
        indicator_id,
        organisation_class,
        area_level,
        area_code,
        quarter,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(expected) as expected,
        sum(value) / nullif(count(value), 0) as simple_mean,
        count_if(is_counted) as n_organisations,
        count(*) - count_if(is_counted) as n_left_out
    from areas
    group by indicator_id, organisation_class, area_level, area_code, quarter
),

final as (
    select
        wanted.indicator_id as wanted_indicator_id,
        wanted.area_code as wanted_area_code,
        found.*
    from wanted
    full outer join {{ ref('fct_area_values') }} as found
        on
            wanted.indicator_id = found.indicator_id
            and wanted.organisation_class = found.organisation_class
            and wanted.area_level = found.area_level
            and wanted.area_code = found.area_code
            and wanted.quarter = found.quarter
    left join factors
        on wanted.indicator_id = factors.indicator_id and wanted.quarter = factors.quarter
    where
        wanted.indicator_id is null
        or found.indicator_id is null
        or found.n_organisations <> wanted.n_organisations
        or found.n_left_out <> wanted.n_left_out
        {% for figure in sums -%}
            or {{ differs('found.' ~ figure, 'wanted.' ~ figure) }}
        {% endfor -%}
        or {{ differs('found.crude_value', 'wanted.numerator / nullif(wanted.denominator, 0)') }}
        or (
            factors.factor is not null
            and {{ differs(
                'found.value',
                'factors.factor * wanted.numerator / nullif(coalesce(wanted.expected, wanted.denominator), 0)'
            ) }}
        )
)

select * from final
