-- Nothing is dropped silently: every landed row was read, and is in use, set aside for a local
-- return, superseded by a later extract, or in quarantine; each counted where that happens.
select *
from {{ ref('int_submission_row_counts') }}
where
    n_read is distinct from n_landed
    or n_landed is distinct from n_in_use + n_set_aside + n_superseded + n_quarantined
