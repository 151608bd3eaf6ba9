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

{{ shown_feeds() }},

placed_counts as (
    select
        row_counts.*,
        coalesce(shown_feeds.shown_feed, row_counts.feed) as shown_feed
    from row_counts
    left join shown_feeds
        on
            row_counts.feed = shown_feeds.feed
            and row_counts.organisation_code = shown_feeds.organisation_code
            and row_counts.quarter = shown_feeds.quarter
),

totals as (
    select
        feed,
        shown_feed,
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
    from placed_counts
    group by feed, shown_feed, organisation_code, quarter
),

-- What quarantines looks at every row, the others at those that D01 and T01 leave. T01 and R01 are
-- of one format, and look at rows of no other.
counted as (
    {% for rule_id, checked, counted_by in [
        ('D01', 'n_rows', 'shown_feed'),
        ('T01', 'n_rows', 'feed'),
        ('P02', 'n_rows', 'shown_feed'),
        ('F01', 'n_rows', 'shown_feed'),
        ('U01', 'n_left', 'shown_feed'),
        ('D02', 'n_left', 'shown_feed'),
        ('W03', 'n_left', 'shown_feed'),
        ('R01', 'n_with_rate', 'feed'),
    ] -%}
        select
            '{{ rule_id }}' as rule_id,
            totals.organisation_code,
            {{ 'totals.feed' if counted_by == 'feed' else 'totals.shown_feed as feed' }},
            totals.quarter,
            sum(totals.{{ checked }}) as n_checked,
            sum(totals.n_{{ rule_id | lower }}) as n_failed
        from totals
        group by totals.organisation_code, totals.{{ counted_by }}, totals.quarter
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted') }}

select * from final
