{% macro differs(found, wanted) -%}
    {#-
        Whether a figure is not the one that was worked out again: further off than sums of doubles are by the
        order of their rows, or missing where the other is not. Never null, so that a test can fail on it.
    -#}
    coalesce(
        abs(({{ found }}) - ({{ wanted }})) > 1e-6 * greatest(1.0, abs({{ wanted }})),
        (({{ found }}) is null) <> (({{ wanted }}) is null)
    )
{%- endmacro %}


{% macro sums_beside_wholes(keys, measures) -%}
    {#-
        CTE compared: sums of parts beside what they should sum to, also where only one side has a row (has_parts). Needs
        the CTEs sums and wholes, each with the columns of keys, indicator_id among them, and of measures, lists.
    -#}
compared as (
    select
        {% for key in keys -%}
            coalesce(wholes.{{ key }}, sums.{{ key }}) as {{ key }},
        {% endfor -%}
        sums.indicator_id is not null as has_parts,
        {% for measure in measures -%}
            sums.{{ measure }} as sum_of_{{ measure }},
            wholes.{{ measure }} as whole_{{ measure }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from wholes
    full outer join sums
        on
            {% for key in keys -%}
                wholes.{{ key }} = sums.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
)
{%- endmacro %}


{% macro reported_indicators(report) %}
    {#-
        Short names of the indicators that a report table has columns of, by its contract, which dbt holds its SQL
        to. Not for models: a unit test knows no contract.
    -#}
    {%- set short_names = [] -%}
    {%- if execute -%}
        {%- set node = graph.nodes['model.' ~ project_name ~ '.' ~ report] -%}
        {%- for column in node.columns if column.endswith('_value') -%}
            {%- do short_names.append(column[:-6]) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(short_names) }}
{% endmacro %}
