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
            *,
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
                order by is_small desc, n_cases asc, member asc
            ),
            joined as (
                partition by {{ keys | join(', ') }}
                order by is_small desc, n_cases asc, member asc
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
                and {{ tells_of_none('sum_of_' ~ count, 'members_with_' ~ count) }}
            {% endfor -%}
            and (
                not has_one_count
                or next_n_cases is null
                or members_with_cases < 2
                or pool_cases - next_n_cases * (members_with_cases - 1)
                <= small_count - possible_counts + 1
            ) as is_safe
        from {{ pool }}_ordered
        cross join {{ pool }}_limits
    ),

    -- Where nobody is left to join, all are pooled.
    {{ pool }} as (
        select
            *,
            n_small > 0 and place <= coalesce(
                min(place) filter (where is_safe) over (partition by {{ keys | join(', ') }}),
                place
            ) as is_pooled
        from {{ pool }}_judged
    )
{%- endmacro %}


{% macro tells_of_none(count, members) -%}
    {#-
        Whether a sum of counts of patients is no small count itself, and leaves each of its members who has some, one
        at least, enough whole numbers to be (Rulebook 10.5); nought, and null, tell of nobody. Needs columns small_count
        and possible_counts.
    -#}
    (
        coalesce(round({{ comparable(count) }}), 0) = 0
        or (
            round({{ comparable(count) }}) > small_count
            and {{ count }} - ({{ members }} - 1) >= possible_counts
        )
    )
{%- endmacro %}


{% macro narrowed(rows, keys, name, expected, half_width, needs_shown=true) %}
    {#-
        CTEs, the last {name}: groups whose pool has a small member that is narrowed to too few counts by what
        is expected of the pool (Rulebook 10.5). What is expected of an HRG, an operation or a function is its
        national mean times its cases: who knows the means, and how much the pool has together, can reckon back.

        rows: CTE with the columns of keys, member, n_cases, expected, is_small, is_pooled and is_by_mean. keys: columns of a
        group. expected, half_width: SQL of what is known of the pool's expected, and of how exactly; aggregates over the group's
        rows. needs_shown: whether a group that shows no member tells nothing.
    -#}
    {{ name }}_limits as (
        select
            {{ parameter('small_count') }} as small_count,
            {{ parameter('possible_counts') }} as possible_counts
    ),

    {{ name }}_known as (
        select
            {{ keys | join(',\n            ') }},
            {{ rounded_count('sum(n_cases) filter (where is_pooled)') }} as known_cases,
            {{ expected }} as known_expected,
            {{ half_width }} as half_width
        from {{ rows }}
        where is_by_mean
        group by {{ keys | join(', ') }}
        having bool_or(is_pooled){{ ' and bool_or(not is_pooled)' if needs_shown }}
    ),

    {{ name }}_members as (
        select
            {{ prefixed(name ~ '_known', keys) }},
            {{ name }}_known.known_cases,
            {{ name }}_known.known_expected,
            {{ name }}_known.half_width,
            {{ rows }}.member,
            {{ rows }}.is_small,
            {{ rows }}.expected / {{ rows }}.n_cases as mean
        from {{ rows }}
        inner join {{ name }}_known
            on
                {% for key in keys -%}
                    {{ rows }}.{{ key }} = {{ name }}_known.{{ key }}
                    {% if not loop.last %}and {% endif -%}
                {% endfor %}
        where {{ rows }}.is_by_mean and {{ rows }}.is_pooled and {{ rows }}.n_cases > 0
    ),

    {{ name }}_means as (
        select
            *,
            row_number() over by_mean as place,
            lag(mean) over by_mean as mean_before,
            lead(mean) over by_mean as mean_after,
            first_value(mean) over whole_group as lowest_mean,
            last_value(mean) over whole_group as highest_mean
        from {{ name }}_members
        window
            by_mean as (partition by {{ keys | join(', ') }} order by mean, member),
            whole_group as (
                partition by {{ keys | join(', ') }}
                order by mean, member
                rows between unbounded preceding and unbounded following
            )
    ),

    -- Of a member with so many cases the others have the rest, all of the lowest mean at the least
    -- and of the highest at the most; that not all can be of one is made up for by a count to spare.
    {{ name }}_ranges as (
        select
            *,
            coalesce(case when mean_before is null then mean_after else lowest_mean end, 0)
                as lowest_other,
            coalesce(case when mean_after is null then mean_before else highest_mean end, 0)
                as highest_other,
            known_cases - floor({{ parameter('count_rounding') }} / 2) as fewest_cases,
            known_cases + floor({{ parameter('count_rounding') }} / 2) as most_cases,
            known_expected - half_width as least_expected,
            known_expected + half_width as most_expected
        from {{ name }}_means
    ),

    {{ name }} as (
        select distinct {{ keys | join(', ') }}
        from {{ name }}_ranges
        cross join {{ name }}_limits
        where
            is_small
            and floor({{ comparable("least(
                small_count,
                most_cases,
                case
                    when mean > lowest_other
                        then (most_expected - fewest_cases * lowest_other) / (mean - lowest_other)
                end,
                case
                    when mean < highest_other
                        then (most_cases * highest_other - least_expected) / (highest_other - mean)
                end
            )") }}) - ceil({{ comparable("greatest(
                1,
                case
                    when mean < lowest_other
                        then (fewest_cases * lowest_other - most_expected) / (lowest_other - mean)
                end,
                case
                    when mean > highest_other
                        then (least_expected - most_cases * highest_other) / (mean - highest_other)
                end
            )") }}) + 1 <= possible_counts
    )
{%- endmacro %}


{% macro prefixed(relation, columns) -%}
    {#- Columns of a relation by their full names, with commas between. -#}
    {%- for column in columns -%}
        {{ relation }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
