with

submissions as (
    select
        submission_id,
        feed,
        row_count
    from {{ ref('int_submissions') }}
),

periodic_submissions as (
    select distinct submission_id from {{ ref('int_submission_months') }}
),

read_rows as (
    select
        submission_id,
        sum(n_rows) as n_read,
        coalesce(sum(n_rows) filter (where quarantine_rule is null and not is_effective), 0)
            as n_superseded
    from {{ ref('int_submission_counts') }}
    group by submission_id
),

quarantined as (
    select
        submission_id,
        count(*) as n_quarantined
    from {{ ref('int_quarantined_rows') }}
    group by submission_id
),

-- Counted from the models that use the rows, not from what is left of the total.
used_rows as (
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_episodes') }}
    where duplicate_rule is null
    union all
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_appointments') }}
    where not is_duplicate
    union all
    select
        submission_id,
        is_set_aside,
        n_rows
    from {{ ref('int_row_counts') }}
    where quarantine_rule is null
),

used as (
    select
        submission_id,
        coalesce(sum(n_rows) filter (where not is_set_aside), 0) as n_in_use,
        coalesce(sum(n_rows) filter (where is_set_aside), 0) as n_set_aside
    from used_rows
    group by submission_id
),

final as (
    select
        submissions.submission_id,
        submissions.feed,
        submissions.row_count as n_landed,
        coalesce(read_rows.n_read, 0) as n_read,
        coalesce(used.n_in_use, 0) as n_in_use,
        coalesce(used.n_set_aside, 0) as n_set_aside,
        coalesce(read_rows.n_superseded, 0) as n_superseded,
        coalesce(quarantined.n_quarantined, 0) as n_quarantined
    from submissions
    inner join periodic_submissions
        on submissions.submission_id = periodic_submissions.submission_id
    left join read_rows
        on submissions.submission_id = read_rows.submission_id
    left join used
        on submissions.submission_id = used.submission_id
    left join quarantined
        on submissions.submission_id = quarantined.submission_id
)

select * from final
