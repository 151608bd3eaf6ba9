{% macro shared_opportunity(excess_units) -%}
    {#-
        Pounds a year of a part of an organisation's excess, with results as the organisation's row: parts sum to
        its opportunity; where it is no worse than the benchmark there is none to share.
    -#}
    case
        when results.excess_units > 0
            then {{ parameter('annualisation_factor') }} * {{ excess_units }} * results.unit_price_gbp
        when results.excess_units is not null and results.unit_price_gbp is not null then 0.0
    end
{%- endmacro %}


{% macro bed_day_drilldown(short_name, spells, observed) %}
    {#-
        Model that splits a trust's bed days by HRG, admission group, treatment function, consultant and PCT.
        Excess is over the benchmark (the trust's casemix at the rate of the best quarter) and may be negative
        in a part; the parts sum to the trust's.

        spells and observed as in casemix_cells, whose model is int_casemix_cells__<short name>.
    -#}
with

spells as (
    select * from {{ ref(spells) }}
    where organisation_code is not null and {{ observed }} is not null
),

cells as (
    select quarter, casemix_cell, reference_mean from {{ ref('int_casemix_cells__' ~ short_name) }}
    where reference_mean is not null
),

results as (
    select organisation_code, quarter, benchmark_value, excess_units, unit_price_gbp
    from {{ ref('int_indicators_benchmarked') }}
    where short_name = '{{ short_name }}'
),

consultants as (
    select organisation_code, consultant_code, consultant from {{ ref('int_consultants') }}
),

organisation_map as (
    select code, quarter, organisation_code from {{ ref('int_organisation_map') }}
),

parts as (
    select
        spells.organisation_code,
        spells.quarter,
        coalesce(spells.hrg_code, 'none') as hrg_code,
        spells.admission_group,
        coalesce(spells.treatment_function, 'none') as treatment_function,
        coalesce(consultants.consultant, 'unknown') as consultant,
        coalesce(organisation_map.organisation_code, 'unknown') as pct_code,
        count(*) as n_spells,
        cast(sum(spells.{{ observed }}) as double) as bed_days,
        sum(cells.reference_mean) as expected_bed_days
    from spells
    inner join cells
        on spells.quarter = cells.quarter and spells.casemix_cell = cells.casemix_cell
    left join consultants
        on
            spells.organisation_code = consultants.organisation_code
            and spells.consultant_code = consultants.consultant_code
    left join organisation_map
        on spells.pct_code = organisation_map.code and spells.quarter = organisation_map.quarter
    group by all
),

compared as (
    select
        parts.*,
        parts.bed_days - parts.expected_bed_days * results.benchmark_value / 100 as excess_bed_days,
        results.excess_units,
        results.unit_price_gbp
    from parts
    inner join results
        on parts.organisation_code = results.organisation_code and parts.quarter = results.quarter
),

final as (
    select
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
{% endmacro %}


{% macro allocated_cases(part, short_names) %}
    {#-
        A PCT's cases by practice or provider, with its excess and its opportunity shared out in proportion to
        the cases: what is expected of a PCT's people is known, but not of a practice's or a hospital's.

        part: practice_code or provider_code. short_names: the indicators.
    -#}
with

cases as (
    select
        cases.short_name,
        cases.organisation_code,
        cases.quarter,
        {% if part == 'provider_code' -%}
            coalesce(providers.organisation_code, cases.provider_code)
        {%- else -%}
            coalesce(cases.practice_code, 'unknown')
        {%- endif %} as {{ part }},
        count(*) as n_cases,
        sum(cases.unit_price_gbp) as cost_gbp
    from {{ ref('int_commissioned_cases') }} as cases
    {%- if part == 'provider_code' %}
    left join {{ ref('int_organisation_map') }} as providers
        on cases.provider_code = providers.code and cases.quarter = providers.quarter
    {%- endif %}
    where cases.short_name in ('{{ short_names | join("', '") }}')
    group by all
),

results as (
    select
        indicator_id, short_name, organisation_code, quarter, numerator, excess_units, opportunity_annual_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

final as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        cases.{{ part }},
        cases.n_cases,
        cases.n_cases / results.numerator as share_of_cases,
        cases.cost_gbp,
        results.excess_units * cases.n_cases / results.numerator as excess_units,
        results.opportunity_annual_gbp * cases.n_cases / results.numerator as opportunity_annual_gbp
    from cases
    inner join results
        on
            cases.short_name = results.short_name
            and cases.organisation_code = results.organisation_code
            and cases.quarter = results.quarter
)

select * from final
{%- endmacro %}


{% macro bed_days_by_consultant(drilldown) %}
    {#- Model of a bed-day drill-down over all PCTs, for the trust that looks at its own wards. -#}
with

parts as (
    select * from {{ ref(drilldown) }}
),

final as (
    select
        organisation_code,
        quarter,
        hrg_code,
        admission_group,
        treatment_function as specialty,
        consultant,
        cast(sum(n_spells) as bigint) as spells,
        sum(bed_days) as bed_days,
        sum(expected_bed_days) as expected_bed_days,
        sum(excess_bed_days) as excess_bed_days,
        sum(opportunity_annual_gbp) as opportunity_annual_gbp
    from parts
    group by organisation_code, quarter, hrg_code, admission_group, treatment_function, consultant
)

select * from final
{% endmacro %}
