-- Every record that was set aside of each organisation, as received. Patient-level.
select
    records.organisation_code,
    records.feed,
    records.rule_id,
    rules.name as rule_name,
    submissions.file_name,
    records.submission_id,
    records.line_number,
    records.record_key,
    records.record
from marts.dq_quarantined_records as records
inner join marts.dim_dq_rule as rules on records.rule_id = rules.rule_id
inner join marts.dq_submissions as submissions
    on records.submission_id = submissions.submission_id
where
    records.quarter = $quarter
    and records.organisation_code is not null
    and ($codes is null or list_contains($codes::varchar[], records.organisation_code))
order by
    records.organisation_code,
    records.feed,
    records.rule_id,
    records.submission_id,
    records.line_number
