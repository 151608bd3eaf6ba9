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
        'surgical_thresholds': ['pct'],
        'emergency_admissions': ['pct'],
        'outpatient_referrals': ['pct'],
        'low_cost_statins': ['pct'],
        'sickness_absence': ['trust'],
        'staff_turnover': ['trust'],
        'agency_spend': ['trust'],
        'cash_flow': ['trust', 'pct'],
        'better_payment': ['trust', 'pct'],
        'income_expenditure': ['trust', 'pct'],
        'framework_procurement': ['trust', 'pct'],
        'follow_up_ratio': ['trust'],
        'dna_rate': ['trust'],
        'ace_inhibitor_share': ['pct'],
        'low_cost_ppi': ['pct'],
        'clopidogrel_volume': ['pct'],
        'emergency_readmission': ['trust'],
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


{% macro submitted_organisations(short_name) -%}
    {#- Organisation × quarter that sent something of what an indicator needs. -#}
    select organisation_code, quarter from {{ ref('int_indicator_spine') }}
    where short_name = '{{ short_name }}' and is_submitted
{%- endmacro %}


{% macro casemix_cells(short_name, spells, observed, min_reference_spells=none) %}
    {#-
        Model of the casemix cells of an indicator and what the reference has in them: a cell with too few
        reference spells collapses, once, into a wider one made up of the collapsed spells alone (interfaces
        5.5; methodology 4, BCBV01).

        spells: model of one row per spell with organisation_code, quarter, casemix_cell and, where cells
        collapse, collapsed_casemix_cell (null: never). observed: column that is summed up; a spell without it
        does not count. min_reference_spells: parameter; none: cells do not collapse.
    -#}
with

spells as (
    select * from {{ ref(spells) }}
    where organisation_code is not null and {{ observed }} is not null
),

reference as (
    {{ reference_organisations(short_name) }}
),

cells as (
    select
        spells.quarter,
        spells.casemix_cell,
        {% if min_reference_spells -%}
            spells.collapsed_casemix_cell,
        {% endif -%}
        count(*) as n_spells,
        count(reference.organisation_code) as n_reference,
        sum(spells.{{ observed }}) filter (where reference.organisation_code is not null) as reference_total
    from spells
    left join reference
        on spells.organisation_code = reference.organisation_code and spells.quarter = reference.quarter
    group by all
),

collapsed as (
    select
        *,
        {% if min_reference_spells -%}
            case
                when n_reference < {{ parameter(min_reference_spells) }}
                    then coalesce('collapsed|' || collapsed_casemix_cell, casemix_cell)
                else casemix_cell
            end
        {%- else -%}
            casemix_cell
        {%- endif %} as standard_cell
    from cells
),

final as (
    select
        quarter,
        casemix_cell,
        standard_cell,
        n_spells,
        n_reference,
        cast(sum(reference_total) over standard as double) / nullif(sum(n_reference) over standard, 0)
            as reference_mean
    from collapsed
    window standard as (partition by quarter, standard_cell)
)

select * from final
{% endmacro %}


{% macro casemix_indicator(short_name, spells, observed, price_id=none) %}
    {#-
        Model of an indicator standardised indirectly by casemix: observed against what the reference's means in
        the same cells lead one to expect of the organisation's own spells. A spell in a cell without any
        reference spell is left out of observed, expected and denominator (interfaces 5.5).

        spells and observed as in casemix_cells, whose model is int_casemix_cells__<short name>. price_id: the
        price of one unit too many; none: no money.
    -#}
with

spells as (
    select * from {{ ref(spells) }}
    where organisation_code is not null and {{ observed }} is not null
),

cells as (
    select quarter, casemix_cell, reference_mean from {{ ref('int_casemix_cells__' ~ short_name) }}
),

{% if price_id -%}
prices as (
    select quarter, unit_price_gbp from {{ ref('int_unit_prices') }}
    where price_id = '{{ price_id }}'
),

{% endif -%}
standardised as (
    select
        spells.organisation_code,
        spells.quarter,
        coalesce(cast(sum(spells.{{ observed }}) filter (where cells.reference_mean is not null) as double), 0)
            as numerator,
        count(cells.reference_mean) as denominator,
        coalesce(sum(cells.reference_mean), 0) as expected
    from spells
    inner join cells
        on spells.quarter = cells.quarter and spells.casemix_cell = cells.casemix_cell
    group by spells.organisation_code, spells.quarter
),

final as (
    select
        standardised.organisation_code,
        standardised.quarter,
        standardised.numerator,
        standardised.denominator,
        standardised.expected,
        standardised.numerator / nullif(standardised.denominator, 0) as crude_value,
        100.0 * standardised.numerator / nullif(standardised.expected, 0) as value,
        standardised.expected / 100 as volume,
        cast(null as double) as volume_limit,
        {{ 'prices.unit_price_gbp' if price_id else 'cast(null as double)' }} as unit_price_gbp
    from standardised
    {%- if price_id %}
    left join prices
        on standardised.quarter = prices.quarter
    {%- endif %}
)

select * from final
{% endmacro %}


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


{% macro population_indicator(short_name) %}
    {#-
        Model of an indicator of a PCT's cases against those that the reference's rates lead one to expect of
        its population; the price of a case is the mean of the PCT's own, where it has none the reference's
        (interfaces 5.5, BCBV04).
    -#}
with

submitted as (
    {{ submitted_organisations(short_name) }}
),

reference as (
    {{ reference_organisations(short_name) }}
),

items as (
    select organisation_code, quarter, observed, expected, n_priced, cost_gbp from {{ ref('int_standardised_items') }}
    where short_name = '{{ short_name }}'
),

population as (
    select organisation_code, quarter, sum(population) as population from {{ ref('int_population') }}
    group by organisation_code, quarter
),

totals as (
    select
        submitted.organisation_code,
        submitted.quarter,
        coalesce(sum(items.observed), 0) as observed,
        coalesce(sum(items.expected), 0) as expected,
        coalesce(sum(items.n_priced), 0) as n_priced,
        coalesce(sum(items.cost_gbp), 0) as cost_gbp
    from submitted
    left join items
        on submitted.organisation_code = items.organisation_code and submitted.quarter = items.quarter
    group by submitted.organisation_code, submitted.quarter
),

{{ reference_costs('totals') }},

-- Without a population nothing can be expected, which is not to expect nothing.
measured as (
    select
        totals.organisation_code,
        totals.quarter,
        totals.observed as numerator,
        population.population as denominator,
        case when population.population is not null then totals.expected end as expected,
        coalesce(totals.cost_gbp / nullif(totals.n_priced, 0), reference_costs.mean_cost_gbp) as unit_price_gbp
    from totals
    left join population
        on totals.organisation_code = population.organisation_code and totals.quarter = population.quarter
    left join reference_costs
        on totals.quarter = reference_costs.quarter
),

final as (
    select
        organisation_code,
        quarter,
        numerator,
        denominator,
        expected,
        numerator / nullif(denominator, 0) as crude_value,
        100.0 * numerator / nullif(expected, 0) as value,
        expected / 100 as volume,
        cast(null as double) as volume_limit,
        unit_price_gbp
    from measured
)

select * from final
{% endmacro %}


{% macro saving_per_item(totals) -%}
    {#-
        Pounds saved by one item moved from the rest to the numerator: net ingredient cost per item of the rest
        less that of the numerator, floored at nought; null where either has no item (interfaces 5.5, BCBV07).
    -#}
    case
        when {{ totals }}.numerator > 0 and {{ totals }}.denominator - {{ totals }}.numerator > 0
            then greatest(
                0.0,
                (coalesce({{ totals }}.denominator_cost_gbp, 0) - coalesce({{ totals }}.numerator_cost_gbp, 0))
                / ({{ totals }}.denominator - {{ totals }}.numerator)
                - coalesce({{ totals }}.numerator_cost_gbp, 0) / {{ totals }}.numerator
            )
    end
{%- endmacro %}


{% macro own_saving_per_item(totals, reference_savings) -%}
    {#- The organisation's own saving per item, or the reference's where it has too few items of either kind. -#}
    case
        when
            least({{ totals }}.numerator, {{ totals }}.denominator - {{ totals }}.numerator)
            < {{ parameter('min_items_for_own_price') }}
            then {{ reference_savings }}.saving_per_item_gbp
        else {{ saving_per_item(totals) }}
    end
{%- endmacro %}
