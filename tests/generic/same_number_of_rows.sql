{% test same_number_of_rows(model, as_model) %}
    {#- Fails where a model has not as many rows as another: nothing lost, nothing multiplied on the way. -#}
    with

    counts as (
        select
            (select count(*) from {{ model }}) as n_rows,
            (select count(*) from {{ as_model }}) as n_wanted
    )

    select * from counts
    where n_rows <> n_wanted
{% endtest %}
