with

feeds as (
    select
        feed,
        subject
    from {{ ref('int_feeds') }}
),

subject_quarters as (
    select
        subject,
        organisation_code,
        quarter,
        feed
    from {{ ref('int_subject_quarters') }}
),

-- Where months of a published and a local format both count, they stand under the local one.
row_counts as (
    select
        coalesce(subject_quarters.feed, row_counts.feed) as feed,
        row_counts.organisation_code,
        row_counts.quarter,
        row_counts.quarantine_rule,
        coalesce(row_counts.quarantine_rule in ('D01', 'T01'), false) as is_said_elsewhere,
        row_counts.unread_measures,
        row_counts.n_rows,
        row_counts.n_conflicting,
        row_counts.n_beyond_available,
        row_counts.n_with_rate,
        row_counts.n_rate_off
    from {{ ref('int_row_counts') }} as row_counts
    inner join feeds
        on row_counts.feed = feeds.feed
    left join subject_quarters
        on
            feeds.subject = subject_quarters.subject
            and row_counts.organisation_code = subject_quarters.organisation_code
            and row_counts.quarter = subject_quarters.quarter
    where
        row_counts.organisation_code is not null
        and row_counts.quarter is not null
        and not row_counts.is_set_aside
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

-- What quarantines looks at every row, the others at those that D01 and T01 leave. Only the
-- published format states a rate, whichever its months stand under.
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
            {{ "'nhse_sickness' as feed" if rule_id == 'R01' else 'feed' }},
            quarter,
            {{ checked }} as n_checked,
            n_{{ rule_id | lower }} as n_failed
        from totals
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted') }}

select * from final
