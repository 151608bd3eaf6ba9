-- The rows that changed most: by pounds, then by the value as a share of what it was. A rank changes
-- with those of others and is no reason.
select
    indicator_id,
    organisation_code,
    quarter,
    before_value,
    after_value,
    case when before_disclosure = 'shown' then before_status else before_disclosure end
        as before_status,
    case when after_disclosure = 'shown' then after_status else after_disclosure end
        as after_status,
    before_gbp,
    after_gbp
from compared
where is_added or is_gone or has_other_value or has_other_status or has_other_pounds
order by
    round(abs(coalesce(after_gbp, 0) - coalesce(before_gbp, 0)), 2) desc,
    abs(after_value - before_value) / nullif(abs(before_value), 0) desc nulls last,
    indicator_id,
    quarter,
    organisation_code
limit 10
