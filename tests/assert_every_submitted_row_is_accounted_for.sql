-- Nothing is dropped silently: every line that held something is a row or a reject, and every row
-- was read and is in use, superseded, or in quarantine by one rule; each counted where that
-- happens. Of a file landed by a version that did not count lines n_lines is null, and its lines
-- are not judged.
with

row_counts as (
    select
        submission_id,
        n_read
    from {{ ref('int_submission_row_counts') }}
),

submissions as (
    select * from {{ ref('dq_submissions') }}
),

final as (
    select
        submissions.*,
        row_counts.n_read
    from submissions
    left join row_counts
        on submissions.submission_id = row_counts.submission_id
)

select * from final
where
    n_lines <> n_rejected + n_landed
    or n_read is distinct from n_landed
    or n_landed is distinct from n_superseded + n_quarantined + n_in_use
    or n_quarantined
    is distinct from n_a01 + n_a03 + n_a06 + n_d01 + n_f01 + n_o01 + n_org + n_p02 + n_t01
