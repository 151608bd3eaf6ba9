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
            cast({{ checked }} as bigint) as n_checked,
            cast(n_{{ rule_id | lower }} as bigint) as n_failed
        from totals
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rules as (
    select
        rule_id,
        treatment,
        amber_over,
        red_over,
        {{ explode_list('feeds') }} as feed
    from {{ ref('dq_rules') }}
),

feed_bounds as (
    select
        rule_id,
        feed,
        amber_over
    from {{ ref('dq_rule_bounds') }}
),

rated as (
    select
        counted.*,
        cast(counted.n_failed as double) / counted.n_checked as rate,
        rules.treatment,
        rules.red_over,
        coalesce(feed_bounds.amber_over, rules.amber_over) as amber_over
    from counted
    inner join rules
        on counted.rule_id = rules.rule_id and counted.feed = rules.feed
    left join feed_bounds
        on counted.rule_id = feed_bounds.rule_id and counted.feed = feed_bounds.feed
    where counted.n_checked > 0
),

-- Rulebook 6.42: a few rows taken out of many are no matter, unless any is one too many.
final as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        n_checked,
        n_failed,
        rate,
        {{ rule_outcome(
            'rate > red_over',
            "rate > amber_over and (treatment <> 'quarantine' or amber_over = 0"
            ' or n_failed >= ' ~ parameter('flag_min_rows')
            ~ ' or (n_checked < ' ~ parameter('flag_few_rows')
            ~ ' and rate >= ' ~ parameter('flag_share_of_few') ~ '))'
        ) }} as outcome
    from rated
)

select * from final
