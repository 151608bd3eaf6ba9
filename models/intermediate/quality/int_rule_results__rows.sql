with

row_counts as (
    select
        feed,
        organisation_code,
        quarter,
        quarantine_rule,
        coalesce(quarantine_rule in ('D01', 'T01'), false) as is_said_elsewhere,
        unread_measures,
        n_rows,
        n_conflicting,
        n_beyond_available,
        n_with_rate,
        n_rate_off
    from {{ ref('int_row_counts') }}
    where organisation_code is not null and quarter is not null and not is_set_aside
),

totals as (
    select
        feed,
        organisation_code,
        quarter,
        sum(n_rows) as n_rows,
        coalesce(sum(n_rows) filter (where not is_said_elsewhere), 0) as n_left,
        coalesce(sum(n_with_rate) filter (where not is_said_elsewhere), 0) as n_with_rate,
        {% for rule_id in ['D01', 'T01', 'P02', 'F01'] -%}
            coalesce(sum(n_rows) filter (where quarantine_rule = '{{ rule_id }}'), 0)
                as n_{{ rule_id | lower }},
        {% endfor -%}
        coalesce(
            sum(n_rows) filter (where not is_said_elsewhere and unread_measures is not null), 0
        ) as n_u01,
        sum(n_conflicting) as n_d02,
        coalesce(sum(n_beyond_available) filter (where not is_said_elsewhere), 0) as n_w03,
        coalesce(sum(n_rate_off) filter (where not is_said_elsewhere), 0) as n_r01
    from row_counts
    group by feed, organisation_code, quarter
),

-- What quarantines looks at every row, the others at those that D01 and T01 leave.
counted as (
    {% for rule_id, checked in [
        ('D01', 'n_rows'),
        ('T01', 'n_rows'),
        ('P02', 'n_rows'),
        ('F01', 'n_rows'),
        ('U01', 'n_left'),
        ('D02', 'n_left'),
        ('W03', 'n_left'),
        ('R01', 'n_with_rate'),
    ] -%}
        select
            '{{ rule_id }}' as rule_id,
            organisation_code,
            feed,
            quarter,
            {{ checked }} as n_checked,
            n_{{ rule_id | lower }} as n_failed
        from totals
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted') }}

select * from final
