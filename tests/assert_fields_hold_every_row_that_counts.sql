-- The rows of which fields are judged are those that were submitted and count, counted elsewhere.
select
    field_quality.organisation_code,
    field_quality.feed,
    field_quality.quarter,
    field_quality.field,
    field_quality.n_records,
    feed_quarters.n_rows
from {{ ref('dq_field_quality') }} as field_quality
left join {{ ref('int_feed_quarters') }} as feed_quarters
    on
        field_quality.organisation_code = feed_quarters.organisation_code
        and field_quality.feed = feed_quarters.feed
        and field_quality.quarter = feed_quarters.quarter
where field_quality.n_records is distinct from feed_quarters.n_rows
