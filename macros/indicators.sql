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


{% macro reference_organisations(short_name) -%}
    {#- Organisation × quarter whose activity sets the national reference of an indicator (5.4.1). -#}
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


{% macro drug_shares() %}
    {#- Indicators that are a drug group's share: its group, and the groups that it is a share of. -#}
    {{ return({
        'low_cost_statins': {'numerator': 'statin_low_cost', 'denominator': ['statin_all']},
        'ace_inhibitor_share': {'numerator': 'acei', 'denominator': ['acei', 'arb']},
        'low_cost_ppi': {'numerator': 'ppi_low_cost', 'denominator': ['ppi_all']},
    }) }}
{% endmacro %}


{% macro drug_totals(short_name) -%}
    {#- Items and cost of an indicator's drug groups, as columns of an aggregation. -#}
    {%- set groups = drug_shares()[short_name] -%}
    {%- for name, group_ids in [('numerator', [groups.numerator]), ('denominator', groups.denominator)] -%}
        coalesce(sum(items) filter (where group_id in ('{{ group_ids | join("', '") }}')), 0) as {{ name }},
        coalesce(
            sum(net_ingredient_cost_gbp) filter (where group_id in ('{{ group_ids | join("', '") }}')), 0
        ) as {{ name }}_cost_gbp{{ ',\n        ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro drug_share(short_name) %}
    {#-
        Share of the items of some drug groups that belong to one of them, and what an item moved to it saves:
        the organisation's own net ingredient cost per item of the rest less that of the numerator, floored at
        nought; where either has too few items both means are the reference's (interfaces 5.5, BCBV07).
    -#}
with

prescribing as (
    select * from {{ ref('int_prescribing_quarters') }}
),

reference as (
    {{ reference_organisations(short_name) }}
),

submitted as (
    {{ submitted_organisations(short_name) }}
),

totals as (
    select
        submitted.organisation_code,
        submitted.quarter,
        {{ drug_totals(short_name) }}
    from submitted
    left join prescribing
        on
            submitted.organisation_code = prescribing.organisation_code
            and submitted.quarter = prescribing.quarter
    group by submitted.organisation_code, submitted.quarter
),

reference_prices as (
    select
        totals.quarter,
        {{ saving_per_item('sum(totals.numerator)', 'sum(totals.denominator)',
            'sum(totals.numerator_cost_gbp)', 'sum(totals.denominator_cost_gbp)') }} as saving_per_item_gbp
    from totals
    inner join reference
        on totals.organisation_code = reference.organisation_code and totals.quarter = reference.quarter
    group by totals.quarter
),

final as (
    select
        totals.organisation_code,
        totals.quarter,
        totals.numerator,
        totals.denominator,
        cast(null as double) as expected,
        totals.numerator / nullif(totals.denominator, 0) as crude_value,
        totals.numerator / nullif(totals.denominator, 0) as value,
        totals.denominator as volume,
        cast(null as double) as volume_limit,
        {{ own_saving_per_item('totals', 'reference_prices') }} as unit_price_gbp
    from totals
    left join reference_prices
        on totals.quarter = reference_prices.quarter
)

select * from final
{% endmacro %}


{% macro saving_per_item(numerator, denominator, numerator_cost, denominator_cost) -%}
    {#- Pounds saved by one item moved from the rest to the numerator; null where either has no item. -#}
    case
        when {{ numerator }} > 0 and {{ denominator }} - {{ numerator }} > 0
            then greatest(
                0.0,
                ({{ denominator_cost }} - {{ numerator_cost }}) / ({{ denominator }} - {{ numerator }})
                - {{ numerator_cost }} / {{ numerator }}
            )
    end
{%- endmacro %}


{% macro own_saving_per_item(totals, reference_prices) -%}
    {#- The organisation's own saving per item, or the reference's where it has too few items of either kind. -#}
    case
        when
            least({{ totals }}.numerator, {{ totals }}.denominator - {{ totals }}.numerator)
            < {{ parameter('min_items_for_own_price') }}
            then {{ reference_prices }}.saving_per_item_gbp
        else {{ saving_per_item(totals ~ '.numerator', totals ~ '.denominator',
            totals ~ '.numerator_cost_gbp', totals ~ '.denominator_cost_gbp') }}
    end
{%- endmacro %}
