-- Nothing is dropped silently: every landed row is staged, and in use, superseded or in quarantine.
select *
from {{ ref('int_submission_row_counts') }}
where
    n_staged is distinct from n_landed
    or n_landed is distinct from n_in_use + n_superseded + n_quarantined
