{{ config(severity='warn') }}
-- Somebody's data, and no fault of ours: told, and left out (Rulebook 1.18).
select
    submission_id,
    period,
    extract_date,
    landed_at
from {{ ref('stg_submissions') }}
where not {{ is_of_a_plausible_time() }}
