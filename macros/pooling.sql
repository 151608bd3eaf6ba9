{% macro pooled(rows, keys, pool, counts) %}
    {#-
        CTEs {pool}_limits, {pool}_ordered, {pool}_judged and {pool}: rows with is_pooled (Rulebook 10.5). The small ones
        of each group are pooled, and the smallest others with them, by cases, then by code, until the sum of the pool
        tells of none of them. A group with nothing small has no pool.

        rows: CTE with the columns of keys, member, n_cases, is_small, has_one_count (whether the cases are all that may not be
        told) and counts. keys: columns of a group. pool: name of the last CTE. counts: columns whose sums are published or
        follow from what is; null of rows for which they are no secret.
    -#}
    {{ pool }}_limits as (
        select
            {{ parameter('small_count') }} as small_count,
            {{ parameter('possible_counts') }} as possible_counts
    ),

    -- The order in which they join the pool, and what it holds up to each.
    {{ pool }}_ordered as (
        select
            {{ rows }}.*,
            row_number() over joining as place,
            lead(n_cases) over joining as next_n_cases,
            {% for count in counts -%}
                sum({{ count }}) over joined as sum_of_{{ count }},
                count(*) filter (where {{ count }} >= 0.5) over joined as members_with_{{ count }},
            {% endfor -%}
            sum(n_cases) over joined as pool_cases,
            count(*) filter (where n_cases >= 0.5) over joined as members_with_cases,
            count(*) filter (where is_small) over (partition by {{ keys | join(', ') }}) as n_small
        from {{ rows }}
        window
            joining as (
                partition by {{ keys | join(', ') }}
                order by is_small desc, n_cases, member
            ),
            joined as (
                partition by {{ keys | join(', ') }}
                order by is_small desc, n_cases, member
                rows between unbounded preceding and current row
            )
    ),

    -- A sum of n members, each of whom has some, leaves each at most the sum less n - 1; and each
    -- of them being no larger than the smallest shown, at least the sum less n - 1 such.
    {{ pool }}_judged as (
        select
            {{ pool }}_ordered.*,
            place >= n_small
            and place >= 2
            {% for count in counts -%}
                and (
                    coalesce(round(sum_of_{{ count }}), 0) = 0
                    or (
                        round(sum_of_{{ count }}) > small_count
                        and sum_of_{{ count }} - (members_with_{{ count }} - 1) >= possible_counts
                    )
                )
            {% endfor -%}
            and (
                not has_one_count
                or next_n_cases is null
                or pool_cases - next_n_cases * (members_with_cases - 1)
                <= small_count - possible_counts + 1
            ) as is_safe
        from {{ pool }}_ordered
        cross join {{ pool }}_limits
    ),

    -- Where nobody is left to join, all are pooled.
    {{ pool }} as (
        select
            {{ pool }}_judged.*,
            n_small > 0 and place <= coalesce(
                min(place) filter (where is_safe) over (partition by {{ keys | join(', ') }}),
                place
            ) as is_pooled
        from {{ pool }}_judged
    )
{%- endmacro %}
