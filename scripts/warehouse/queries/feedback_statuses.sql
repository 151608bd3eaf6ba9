-- The verdict on each feed, what has to be sent first.
select
    organisation_code,
    feed,
    verdict,
    n_records,
    expected_records,
    completeness,
    months_present,
    dq_score,
    rules_red,
    rules_amber
from marts.dq_submission_status
where
    quarter = $quarter
    and ($codes is null or list_contains($codes::varchar[], organisation_code))
order by
    organisation_code,
    list_position(['not_submitted', 'unusable', 'red', 'amber', 'green'], verdict),
    feed
