-- The report tables, turned back into a row an indicator, are the indicator values of their class:
-- a row for each, none besides, and the same figures. An indicator that the registry gives to the
-- class and the report lacks has values without a row here; one that the report has and the
-- registry does not give has a row without a value.
{% set measures = {
    'value': 'value', 'rank': 'national_rank', 'quartile': 'quartile',
    'status': 'publication_status', 'opportunity_annual_gbp': 'opportunity_annual_gbp',
} -%}
with

indicators as (
    select
        indicator_id,
        short_name,
        {{ explode_list('org_type') }} as organisation_type
    from {{ ref('dim_indicator') }}
),

organisation_types as (
    select
        org_type,
        organisation_class
    from {{ ref('organisation_types') }}
),

registry as (
    select distinct
        indicators.indicator_id,
        indicators.short_name,
        organisation_types.organisation_class
    from indicators
    inner join organisation_types
        on indicators.organisation_type = organisation_types.org_type
),

wanted as (
    select
        registry.short_name,
        results.organisation_class,
        results.organisation_code,
        results.quarter,
        results.organisation_type,
        organisations.organisation_name,
        organisations.sha_code,
        {% for column in measures.values() -%}
            results.{{ column }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('fct_indicator_values') }} as results
    left join registry
        on
            results.indicator_id = registry.indicator_id
            and results.organisation_class = registry.organisation_class
    left join {{ ref('dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
),

trust_reports as (
    select * from {{ ref('rpt_trust_indicators') }}
),

pct_reports as (
    select * from {{ ref('rpt_pct_indicators') }}
),

found as (
    {% for organisation_class in ['trust', 'pct'] -%}
        {% set class_loop = loop -%}
        {% for short_name in reported_indicators('rpt_' ~ organisation_class ~ '_indicators') -%}
            select
                '{{ short_name }}' as short_name,
                '{{ organisation_class }}' as organisation_class,
                organisation_code,
                quarter,
                organisation_type,
                organisation_name,
                sha_code,
                {% for measure, column in measures.items() -%}
                    {{ short_name }}_{{ measure }} as {{ column }}
                    {%- if not loop.last %},{% endif %}
                {% endfor %}
            from {{ organisation_class }}_reports
            {% if not (loop.last and class_loop.last) %}union all{% endif %}
        {% endfor %}
    {%- endfor %}
),

-- Where the indicator has no row of values in the quarter, the report has its columns empty.
given as (
    select
        found.*,
        registry.short_name is not null as is_in_registry
    from found
    left join registry
        on
            found.short_name = registry.short_name
            and found.organisation_class = registry.organisation_class
),

final as (
    select
        wanted.short_name as wanted_short_name,
        wanted.organisation_code as wanted_organisation_code,
        wanted.quarter as wanted_quarter,
        given.*
    from wanted
    full outer join given
        on
            wanted.short_name = given.short_name
            and wanted.organisation_class = given.organisation_class
            and wanted.organisation_code = given.organisation_code
            and wanted.quarter = given.quarter
    where
        (given.short_name is not null and not given.is_in_registry)
        or (wanted.organisation_code is not null and given.short_name is null)
        or (
            wanted.organisation_code is not null
            and (
                {% for column in ['organisation_type', 'organisation_name', 'sha_code'] -%}
                    wanted.{{ column }} is distinct from given.{{ column }}
                    {% if not loop.last %}or {% endif -%}
                {% endfor %}
            )
        )
        {% for column in measures.values() -%}
            or wanted.{{ column }} is distinct from given.{{ column }}
        {% endfor %}
)

select * from final
