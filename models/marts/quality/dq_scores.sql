-- TODO: stands in until the scores themselves are here; no organisation has one.
select
    organisation_code,
    quarter,
    feed,
    cast(null as double) as dq_score
from {{ ref('int_expected_feeds') }}
where false
