{% test expression_is_true(model, expression) %}
    {#- Fails with every row of which a condition is not true: false or unknown. -#}
    select *
    from {{ model }}
    where not coalesce({{ expression }}, false)
{% endtest %}
