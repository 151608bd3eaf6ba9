{% test sums(model, amount, by, totals) %}
    {#-
        Fails where an amount does not add up to a known total over the rows of a key: a control total of a table of
        facts that is too long to be looked through, in which a lost or a changed row shows nowhere else. The
        rows that fail say which sums differ; they are kept in audit_failures.

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
    )

    select
        coalesce(wanted.wanted_key, found.found_key) as sum_of,
        found.found_total,
        wanted.wanted_total
    from wanted
    full outer join found
        on wanted.wanted_key = found.found_key
    where round(found.found_total, 2) is distinct from round(wanted.wanted_total, 2)
{% endtest %}
