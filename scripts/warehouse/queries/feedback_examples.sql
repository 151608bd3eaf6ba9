-- The first ten lines that each rule set aside, and how many it did.
select
    records.organisation_code,
    records.feed,
    records.rule_id,
    rules.name,
    rules.description,
    rules.advice,
    rules.grain,
    submissions.file_name,
    records.line_number,
    records.record_key,
    count(*) over (
        partition by records.organisation_code, records.feed, records.rule_id
    ) as n_records
from marts.dq_quarantined_records as records
inner join marts.dim_dq_rule as rules on records.rule_id = rules.rule_id
inner join marts.dq_submissions as submissions
    on records.submission_id = submissions.submission_id
where
    records.quarter = $quarter
    and records.organisation_code is not null
    and ($codes is null or list_contains($codes::varchar[], records.organisation_code))
qualify
    row_number() over (
        partition by records.organisation_code, records.feed, records.rule_id
        order by submissions.extract_date desc, records.submission_id, records.line_number
    ) <= 10
order by
    records.organisation_code,
    records.feed,
    records.rule_id,
    submissions.extract_date desc,
    records.submission_id,
    records.line_number
