{% test row_counts(model, column_name, counts) %}
    {#-
        Fails where a value of a column is not in exactly so many rows: a line lost from a list of codes is no
        empty field and breaks no key. An error with the values, since dbt does not say which rows a test found.
    -#}
    with

    wanted as (
        {% for value, n_rows in counts.items() -%}
            select
                '{{ value }}' as wanted_value,
                {{ n_rows }} as n_wanted
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ),

    found as (
        select
            {{ column_name }} as found_value,
            count(*) as n_found
        from {{ model }}
        group by {{ column_name }}
    ),

    differing as (
        select
            string_agg(
                wanted.wanted_value || ' (' || coalesce(found.n_found, 0) || ' rows, not ' || wanted.n_wanted || ')',
                ', ' order by wanted.wanted_value
            ) as differences
        from wanted
        left join found
            on wanted.wanted_value = found.found_value
        where found.n_found is distinct from wanted.n_wanted
    )

    select differences
    from differing
    where
        differences is not null
        and {{ fail_with("'Rows lost from or added to " ~ column_name ~ ": ' || differences") }} is null
{% endtest %}
