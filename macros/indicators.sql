{% macro computed_indicators(organisation_class=none) %}
    {#-
        Short names of the indicators that have a model (int_indicator__<short name>), optionally of one
        organisation class. dbt resolves references before it can read the registry, hence this list; a test
        holds it to the registry. Everything else about an indicator is in the registry.
    -#}
    {%- set classes = {
        'length_of_stay': ['trust'],
        'pre_op_bed_days': ['trust'],
        'day_case_rate': ['trust'],
        'low_cost_statins': ['pct'],
        'sickness_absence': ['trust'],
        'ace_inhibitor_share': ['pct'],
    } -%}
    {%- set short_names = [] -%}
    {%- for short_name in classes if organisation_class is none or organisation_class in classes[short_name] -%}
        {%- do short_names.append(short_name) -%}
    {%- endfor -%}
    {{ return(short_names) }}
{% endmacro %}


{% macro reference_organisations(short_name) -%}
    {#- Organisation × quarter whose activity sets the national reference of an indicator (5.4.1). -#}
    select organisation_code, quarter from {{ ref('int_indicator_gate') }}
    where short_name = '{{ short_name }}' and is_reference
{%- endmacro %}


{% macro indirectly_standardised(spells, observed, min_reference_spells) %}
    {#-
        Indirect standardisation of a mean over casemix cells, per organisation and quarter: expected = the sum
        over its spells of the reference mean of their cell. A cell with too few reference spells collapses,
        once, into a wider one made up of the collapsed spells alone; a spell without any reference spell in
        its cell is left out of observed, expected and denominator (interfaces 5.5; methodology 4, BCBV01).

        spells: CTE of one row per spell with spell_id, organisation_code, quarter, casemix_cell and
        collapsed_casemix_cell (null: never collapses). observed: the column in days.
    -#}
    cell_sizes as (
        select
            {{ spells }}.quarter,
            {{ spells }}.casemix_cell,
            count(reference.organisation_code) as n_reference
        from {{ spells }}
        left join reference
            on
                {{ spells }}.organisation_code = reference.organisation_code
                and {{ spells }}.quarter = reference.quarter
        group by {{ spells }}.quarter, {{ spells }}.casemix_cell
    ),

    celled as (
        select
            {{ spells }}.organisation_code,
            {{ spells }}.quarter,
            case
                when cell_sizes.n_reference < {{ parameter(min_reference_spells) }}
                    then coalesce('collapsed|' || {{ spells }}.collapsed_casemix_cell, {{ spells }}.casemix_cell)
                else {{ spells }}.casemix_cell
            end as casemix_cell,
            count(*) as n_spells,
            cast(sum({{ spells }}.{{ observed }}) as double) as observed
        from {{ spells }}
        inner join cell_sizes
            on {{ spells }}.quarter = cell_sizes.quarter and {{ spells }}.casemix_cell = cell_sizes.casemix_cell
        group by all
    ),

    reference_means as (
        select
            celled.quarter,
            celled.casemix_cell,
            sum(celled.observed) / sum(celled.n_spells) as reference_mean
        from celled
        inner join reference
            on celled.organisation_code = reference.organisation_code and celled.quarter = reference.quarter
        group by celled.quarter, celled.casemix_cell
    ),

    standardised as (
        select
            celled.organisation_code,
            celled.quarter,
            coalesce(sum(celled.observed) filter (where reference_means.reference_mean is not null), 0) as numerator,
            coalesce(sum(celled.n_spells) filter (where reference_means.reference_mean is not null), 0) as denominator,
            coalesce(sum(celled.n_spells * reference_means.reference_mean), 0) as expected,
            coalesce(sum(celled.n_spells) filter (where reference_means.reference_mean is null), 0)
                as n_without_reference
        from celled
        left join reference_means
            on celled.quarter = reference_means.quarter and celled.casemix_cell = reference_means.casemix_cell
        group by celled.organisation_code, celled.quarter
    )
{%- endmacro %}


{% macro bed_day_indicator(short_name, spells, observed, min_reference_spells) %}
    {#-
        Model of an indicator of bed days: observed days against those expected for the organisation's own
        casemix, excess days at the price of a bed day. A spell without an observation does not count.
    -#}
with

spells as (
    select * from {{ ref(spells) }}
    where organisation_code is not null and {{ observed }} is not null
),

reference as (
    {{ reference_organisations(short_name) }}
),

bed_day_prices as (
    select quarter, unit_price_gbp from {{ ref('int_unit_prices') }}
    where price_id = 'bed_day'
),

{{ indirectly_standardised('spells', observed, min_reference_spells) }},

final as (
    select
        standardised.organisation_code,
        standardised.quarter,
        standardised.numerator,
        standardised.denominator,
        standardised.expected,
        standardised.n_without_reference,
        standardised.numerator / nullif(standardised.denominator, 0) as crude_value,
        100.0 * standardised.numerator / nullif(standardised.expected, 0) as value,
        standardised.expected / 100 as volume,
        cast(null as double) as volume_limit,
        bed_day_prices.unit_price_gbp
    from standardised
    left join bed_day_prices
        on standardised.quarter = bed_day_prices.quarter
)

select * from final
{% endmacro %}


{% macro drug_share(short_name, numerator_group, denominator_groups) %}
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
    select organisation_code, quarter from {{ ref('int_indicator_spine') }}
    where short_name = '{{ short_name }}' and is_submitted
),

totals as (
    select
        submitted.organisation_code,
        submitted.quarter,
        coalesce(sum(items) filter (where group_id = '{{ numerator_group }}'), 0) as numerator,
        coalesce(sum(items) filter (where group_id in ('{{ denominator_groups | join("', '") }}')), 0) as denominator,
        coalesce(sum(net_ingredient_cost_gbp) filter (where group_id = '{{ numerator_group }}'), 0)
            as numerator_cost_gbp,
        coalesce(
            sum(net_ingredient_cost_gbp) filter (where group_id in ('{{ denominator_groups | join("', '") }}')), 0
        ) as denominator_cost_gbp
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
        case
            when least(totals.numerator, totals.denominator - totals.numerator)
                < {{ parameter('min_items_for_own_price') }}
                then reference_prices.saving_per_item_gbp
            else {{ saving_per_item('totals.numerator', 'totals.denominator',
                'totals.numerator_cost_gbp', 'totals.denominator_cost_gbp') }}
        end as unit_price_gbp
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
