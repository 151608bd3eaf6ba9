-- The quarters, earliest first, and whether anybody is expected to send something in them.
select
    quarters.quarter,
    quarters.quarter_start_date,
    quarters.quarter_end_date,
    exists (
        select 1 from marts.dq_submission_status as statuses
        where statuses.quarter = quarters.quarter
    ) as is_expected
from marts.dim_quarter as quarters
order by quarters.quarter_start_date
