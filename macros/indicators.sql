{% macro computed_indicators() %}
    {#-
        Short names of the indicators that have a model (int_indicator__<short name>). dbt resolves references
        before it can read the registry, hence this list; a test holds it to the registry. Everything else about
        an indicator is in the registry.
    -#}
    {{ return([
        'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'surgical_thresholds', 'emergency_admissions',
        'outpatient_referrals', 'low_cost_statins', 'sickness_absence', 'staff_turnover', 'agency_spend',
        'cash_flow', 'better_payment', 'income_expenditure', 'framework_procurement', 'follow_up_ratio',
        'dna_rate', 'ace_inhibitor_share', 'low_cost_ppi', 'clopidogrel_volume', 'emergency_readmission',
    ]) }}
{% endmacro %}


{% macro resident_indicators() -%}
    {#- The short names, as SQL constants, of the indicators that count a PCT's residents against its population. -#}
    'surgical_thresholds', 'emergency_admissions', 'outpatient_referrals'
{%- endmacro %}


{% macro reference_organisations(short_name) -%}
    {#- Organisation × quarter whose activity sets the national reference of an indicator (Rulebook 4.1). -#}
    select organisation_code, quarter from {{ ref('int_indicator_gate') }}
    where short_name = '{{ short_name }}' and is_reference
{%- endmacro %}


{% macro submitted_organisations(short_name) -%}
    {#- Organisation × quarter that sent something of what an indicator needs. -#}
    select organisation_code, quarter from {{ ref('int_indicator_spine') }}
    where short_name = '{{ short_name }}' and is_submitted
{%- endmacro %}


{% macro reference_costs(totals) %}
    {#-
        CTE reference_costs: mean cost of a case over the reference, by quarter, for organisations without one
        of their own. totals: CTE with organisation_code, quarter, cost_gbp and n_priced; needs CTE reference.
    -#}
    reference_costs as (
        select
            {{ totals }}.quarter,
            sum({{ totals }}.cost_gbp) / nullif(sum({{ totals }}.n_priced), 0) as mean_cost_gbp
        from {{ totals }}
        inner join reference
            on
                {{ totals }}.organisation_code = reference.organisation_code
                and {{ totals }}.quarter = reference.quarter
        group by {{ totals }}.quarter
    )
{%- endmacro %}


{% macro reference_rates(strata, case_strata=[]) %}
    {#-
        CTEs reference_cases, reference_population and reference_rates: cases per head of the reference, by indicator,
        quarter and stratum (Rulebook 5.4). Where nobody of it lives the rate is nought.

        strata: columns that cases and people are told apart by. case_strata: others, of the cases alone. Needs CTEs cases
        (short_name, organisation_code, quarter, strata and n_cases), population, and reference (short_name,
        organisation_code, quarter).
    -#}
    reference_cases as (
        select
            cases.short_name,
            cases.quarter,
            {% for column in case_strata + strata -%}
                cases.{{ column }},
            {% endfor -%}
            sum(cases.n_cases) as n_cases
        from cases
        inner join reference
            on
                cases.short_name = reference.short_name
                and cases.organisation_code = reference.organisation_code
                and cases.quarter = reference.quarter
        group by
            cases.short_name,
            cases.quarter,
            {% for column in case_strata + strata -%}
                cases.{{ column }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
    ),

    reference_population as (
        select
            reference.short_name,
            population.quarter,
            {% for column in strata -%}
                population.{{ column }},
            {% endfor -%}
            sum(population.population) as population
        from population
        inner join reference
            on
                population.organisation_code = reference.organisation_code
                and population.quarter = reference.quarter
        group by
            reference.short_name,
            population.quarter,
            {% for column in strata -%}
                population.{{ column }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
    ),

    reference_rates as (
        select
            reference_cases.short_name,
            reference_cases.quarter,
            {% for column in case_strata + strata -%}
                reference_cases.{{ column }},
            {% endfor -%}
            coalesce(reference_cases.n_cases / nullif(reference_population.population, 0), 0)
                as cases_per_head
        from reference_cases
        left join reference_population
            on
                reference_cases.short_name = reference_population.short_name
                and reference_cases.quarter = reference_population.quarter
                {% for column in strata -%}
                    and reference_cases.{{ column }} = reference_population.{{ column }}
                {% endfor %}
    )
{%- endmacro %}


{% macro saving_per_item(totals) -%}
    {#-
        Pounds saved by one item moved from the rest to the numerator: net ingredient cost per item of the rest
        less that of the numerator, floored at nought; null where either has no item (Rulebook 5.7). Items are those
        whose cost was read too.
    -#}
    case
        when
            {{ totals }}.priced_numerator > 0
            and {{ totals }}.priced_denominator - {{ totals }}.priced_numerator > 0
            then greatest(
                0.0,
                (coalesce({{ totals }}.denominator_cost_gbp, 0) - coalesce({{ totals }}.numerator_cost_gbp, 0))
                / ({{ totals }}.priced_denominator - {{ totals }}.priced_numerator)
                - coalesce({{ totals }}.numerator_cost_gbp, 0) / {{ totals }}.priced_numerator
            )
    end
{%- endmacro %}


{% macro own_saving_per_item(totals, reference_savings) -%}
    {#- The organisation's own saving per item, or the reference's where it has too few items of either kind. -#}
    case
        when
            least(
                {{ totals }}.priced_numerator, {{ totals }}.priced_denominator - {{ totals }}.priced_numerator
            ) < {{ parameter('min_items_for_own_price') }}
            then {{ reference_savings }}.saving_per_item_gbp
        else {{ saving_per_item(totals) }}
    end
{%- endmacro %}
