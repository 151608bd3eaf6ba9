-- What an internal release says of each row of its values, and of which data and code they are.
select
    cast($release as varchar) as release,
    'internal' as kind,
    cast($code_version as varchar) as code_version,
    cast($as_at as date) as as_at,
    cast($published_at as timestamp) as published_at,
    indicator_id,
    organisation_code,
    quarter,
    organisation_class,
    value,
    publication_status,
    national_rank,
    opportunity_annual_gbp,
    is_in_published_total,
    data_fingerprint,
    'shown' as disclosure_status
from intermediate.int_ledger_rows
order by indicator_id, quarter, organisation_code
