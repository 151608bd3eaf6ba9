{% test unique_combination(model, columns) %}
    {#- Fails with every key of several columns that more than one row has; null equals null. -#}
    select
        {{ columns | join(', ') }},
        count(*) as n_rows
    from {{ model }}
    group by {{ columns | join(', ') }}
    having count(*) > 1
{% endtest %}
