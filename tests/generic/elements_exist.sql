{% test elements_exist(model, column_name, values=none, to=none, field=none) %}
    {#-
        Fails with every element of a ;-separated column that is not among the values, or in a column of another
        relation. A text that is empty, or ends with a separator, has an element that is none.
    -#}
    with

    elements as (
        select {{ explode_list(column_name) }} as element
        from {{ model }}
        where {{ column_name }} is not null
    ),

    known as (
        {% if to -%}
            select {{ field }} as element from {{ to }}
        {%- else -%}
            {% for value in values -%}
                select '{{ value }}' as element
                {% if not loop.last %}union all{% endif %}
            {% endfor %}
        {%- endif %}
    )

    select elements.element
    from elements
    left join known
        on elements.element = known.element
    where known.element is null
{% endtest %}
