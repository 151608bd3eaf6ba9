{% test matched_codes(model, column_name, key, counts) %}
    {#-
        Fails where a pattern of codes matches more or fewer of A000 to Z999 than is known: a control total of what
        stands between brackets. key: column that names a pattern's row. counts: number of codes by key; rows that are
        not named have no pattern.
    -#}
    with

    letters as (
        select {{ explode_list("'A;B;C;D;E;F;G;H;I;J;K;L;M;N;O;P;Q;R;S;T;U;V;W;X;Y;Z'") }} as letter
    ),

    digits as (
        select {{ explode_list("'0;1;2;3;4;5;6;7;8;9'") }} as digit
    ),

    codes as (
        select letters.letter || tens.digit || ones.digit || tenths.digit as code
        from letters
        cross join digits as tens
        cross join digits as ones
        cross join digits as tenths
    ),

    patterns as (
        select distinct {{ column_name }} as pattern
        from {{ model }}
        where {{ column_name }} is not null
    ),

    matched as (
        select
            patterns.pattern,
            count(codes.code) as n_codes
        from patterns
        left join codes
            on {{ matches('codes.code', 'patterns.pattern') }}
        group by patterns.pattern
    ),

    found as (
        select
            patterned.{{ key }} as found_key,
            matched.n_codes as n_found
        from {{ model }} as patterned
        inner join matched
            on patterned.{{ column_name }} = matched.pattern
    ),

    wanted as (
        {% for pattern_key, n_codes in counts.items() -%}
            select
                '{{ pattern_key }}' as wanted_key,
                {{ n_codes }} as n_wanted
            {% if not loop.last %}union all{% endif %}
        {% endfor %}
    ),

    differing as (
        select
            string_agg(
                coalesce(wanted.wanted_key, found.found_key) || ' (' || coalesce(found.n_found, 0) || ' codes, not '
                || coalesce(wanted.n_wanted, 0) || ')',
                ', ' order by coalesce(wanted.wanted_key, found.found_key)
            ) as differences
        from wanted
        full outer join found
            on wanted.wanted_key = found.found_key
        where found.n_found is distinct from wanted.n_wanted
    )

    select differences
    from differing
    where
        differences is not null
        and {{ fail_with("'Patterns of " ~ column_name ~ ": ' || differences") }} is null
{% endtest %}
