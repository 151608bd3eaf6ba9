{% test sums(model, amount, by, totals) %}
    {#-
        Fails where an amount does not add up to a known total over the rows of a key: a control total of a table of
        facts that is too long to be looked through, in which a lost or a changed row shows nowhere else.

        amount and by: SQL expressions of a number and of a text. totals: the sum of each text; rows
        without the amount or the text count for none.
    -#}
    with

    wanted as (
        {% for key, total in totals.items() -%}
            select
                '{{ key }}' as wanted_key,
                cast({{ total }} as double) as wanted_total
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ),

    found as (
        select
            {{ by }} as found_key,
            cast(sum({{ amount }}) as double) as found_total
        from {{ model }}
        where {{ amount }} is not null and {{ by }} is not null
        group by {{ by }}
    ),

    differing as (
        select
            string_agg(
                coalesce(wanted.wanted_key, found.found_key) || ': '
                || coalesce(cast(found.found_total as varchar), 'nothing') || ', not '
                || coalesce(cast(wanted.wanted_total as varchar), 'nothing'),
                '; ' order by coalesce(wanted.wanted_key, found.found_key)
            ) as differences
        from wanted
        full outer join found
            on wanted.wanted_key = found.found_key
        where round(found.found_total, 2) is distinct from round(wanted.wanted_total, 2)
    )

    select differences
    from differing
    where
        differences is not null
        and {{ fail_with("'Sums differ: ' || differences") }} is null
{% endtest %}
