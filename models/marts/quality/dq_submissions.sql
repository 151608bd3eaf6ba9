with

submissions as (
    select
        submission_id,
        feed,
        sender,
        file_name,
        period,
        extract_date,
        landed_at,
        profile_verdict,
        profile_failures
    from {{ ref('int_submissions') }}
),

effective_submissions as (
    select distinct submission_id from {{ ref('int_submission_months') }}
    where is_effective
),

row_counts as (
    select * from {{ ref('int_submission_row_counts') }}
),

-- Rulebook 8.5: lists and populations have no months; there what counts is what is in use.
final as (
    select
        submissions.submission_id,
        submissions.feed,
        submissions.sender,
        submissions.file_name,
        submissions.period,
        submissions.extract_date,
        submissions.landed_at,
        effective_submissions.submission_id is not null
        or (
            submissions.feed in ('organisations', 'successions', 'population')
            and row_counts.n_in_use > 0
        ) as is_effective,
        row_counts.n_lines,
        row_counts.n_rejected,
        row_counts.n_landed,
        row_counts.n_superseded + row_counts.n_set_aside as n_superseded,
        row_counts.n_quarantined,
        row_counts.n_in_use,
        row_counts.n_a01,
        row_counts.n_a03,
        row_counts.n_a06,
        row_counts.n_d01,
        row_counts.n_f01,
        row_counts.n_o01,
        row_counts.n_org,
        row_counts.n_p02,
        row_counts.n_t01,
        submissions.profile_verdict,
        submissions.profile_failures
    from submissions
    inner join row_counts
        on submissions.submission_id = row_counts.submission_id
    left join effective_submissions
        on submissions.submission_id = effective_submissions.submission_id
)

select * from final
