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
