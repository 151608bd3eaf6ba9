{% test holds(model, column_name, values) %}
    {#-
        Fails where a value that rules or models name is in no row of a column. dbt counts the rows of a test and
        does not say which they are, hence an error with the values.
    -#}
    with

    wanted as (
        {% for value in values -%}
            select '{{ value }}' as wanted_value
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ),

    found as (
        select distinct {{ column_name }} as found_value
        from {{ model }}
    ),

    missing as (
        select string_agg(wanted.wanted_value, ', ' order by wanted.wanted_value) as missing_values
        from wanted
        left join found
            on wanted.wanted_value = found.found_value
        where found.found_value is null
    )

    select missing_values
    from missing
    where
        missing_values is not null
        and {{ fail_with("'No row has the " ~ column_name ~ " ' || missing_values") }} is null
{% endtest %}
