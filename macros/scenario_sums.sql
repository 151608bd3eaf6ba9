{% macro scenarios() %}
    {#- The scenarios of England's pounds, in the order of the table (Rulebook 9.17). -#}
    {{ return([
        'as_published', 'median', 'best_decile', 'shrunk', 'distinguishable_only', 'lower_95', 'upper_95',
        'unflagged_only', 'sha_benchmark', 'cluster_benchmark', 'netted',
    ]) }}
{% endmacro %}


{% macro scenario_sums(has_hidden=false) %}
    {#-
        CTEs, the last scenario_sums: England's pounds by indicator, in the total and by scenario (Rulebook 9.17). Warehouse
        and public release add up alike.

        has_hidden: whether rows may be hidden. Needs the CTE organisations, as int_opportunity_scenarios, with is_hidden (it
        has pounds that are not shown) of has_hidden.
    -#}
    {%- set scenarios = scenarios() -%}
    {%- set needs_limits = ['shrunk', 'distinguishable_only', 'lower_95', 'upper_95'] -%}
    lines as (
        select
            indicator_id,
            quarter,
            has_limits,
            {%- if has_hidden %}
            is_hidden,
            {%- endif %}
            {% for scenario in scenarios -%}
                {{ scenario }}_gbp
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from organisations
        union all
        select
            'ALL' as indicator_id,
            quarter,
            true as has_limits,
            {%- if has_hidden %}
            bool_or(is_hidden) as is_hidden,
            {%- endif %}
            {% for scenario in scenarios -%}
                sum({{ scenario }}_gbp) as {{ scenario }}_gbp
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from organisations
        where is_in_total
        group by organisation_code, quarter
    ),

    -- Rulebook 4.6: indicators with at least one amount in the quarter.
    england as (
        select
            indicator_id,
            quarter,
            has_limits,
            {%- if has_hidden %}
            count(*) filter (where is_hidden) as n_suppressed,
            {%- endif %}
            {% for scenario in scenarios -%}
                sum({{ scenario }}_gbp) as {{ scenario }}_gbp,
                count({{ scenario }}_gbp) as {{ scenario }}_n
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from lines
        group by indicator_id, quarter, has_limits
        having count(as_published_gbp) > 0{{ ' or bool_or(is_hidden)' if has_hidden }}
    ),

    -- Rulebook 9.17: without a standard error there is nothing to shrink by; only totals count days
    -- twice.
    scenario_sums as (
        {% for scenario in scenarios -%}
            select
                indicator_id,
                quarter,
                '{{ scenario }}' as scenario,
                {{ scenario }}_gbp as opportunity_annual_gbp,
                {{ scenario }}_n as n_organisations
                {%- if has_hidden %},
                n_suppressed
                {%- endif %}
            from england
            {% if scenario in needs_limits -%}
                where has_limits
            {% elif scenario == 'netted' -%}
                where indicator_id = 'ALL'
            {% endif -%}
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    )
{%- endmacro %}
