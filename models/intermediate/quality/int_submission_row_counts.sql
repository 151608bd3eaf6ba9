with

submissions as (
    select
        submission_id,
        feed,
        row_count
    from {{ ref('int_submissions') }}
),

counted as (
    select
        submission_id,
        sum(n_rows) as n_staged,
        sum(n_rows) filter (where is_effective) as n_effective,
        sum(n_rows) filter (where quarantine_rule is null and not is_effective) as n_superseded
    from {{ ref('int_submission_counts') }}
    group by submission_id
),

quarantined as (
    select
        submission_id,
        count(*) as n_quarantined,
        count(*) filter (where rule_id in ('A06', 'ORG')) as n_quarantined_before_use
    from {{ ref('int_quarantined_rows') }}
    group by submission_id
),

final as (
    select
        submissions.submission_id,
        submissions.feed,
        submissions.row_count as n_landed,
        coalesce(counted.n_staged, 0) as n_staged,
        -- Rows that a rule took out after their month was found to count are no longer in use.
        coalesce(counted.n_effective, 0)
        - coalesce(quarantined.n_quarantined - quarantined.n_quarantined_before_use, 0) as n_in_use,
        coalesce(counted.n_superseded, 0) as n_superseded,
        coalesce(quarantined.n_quarantined, 0) as n_quarantined
    from submissions
    left join counted
        on submissions.submission_id = counted.submission_id
    left join quarantined
        on submissions.submission_id = quarantined.submission_id
    where
        submissions.feed in (
            {% for feed in periodic_feeds() -%}
                '{{ feed }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
)

select * from final
