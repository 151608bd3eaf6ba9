-- The first ten lines that each rule set aside, or that fail by one that is red or amber, and how many
-- there are; under the feed that the organisation's results of the quarter stand under.
with

shown as (
    select
        statuses.organisation_code,
        statuses.feed as shown_feed,
        formats.feed
    from marts.dq_submission_status as statuses
    inner join intermediate.int_feeds as feeds on statuses.feed = feeds.feed
    inner join intermediate.int_feeds as formats on feeds.subject = formats.subject
    where statuses.quarter = $quarter
),

failed as (
    select
        rule_id,
        organisation_code,
        feed
    from marts.dq_rule_results
    where
        quarter = $quarter
        and outcome in ('red', 'amber')
        and ($codes is null or list_contains($codes::varchar[], organisation_code))
),

lines as (
    select
        records.organisation_code,
        coalesce(shown.shown_feed, records.feed) as feed,
        records.rule_id,
        records.submission_id,
        records.line_number,
        records.record_key
    from marts.dq_quarantined_records as records
    left join shown
        on records.organisation_code = shown.organisation_code and records.feed = shown.feed
    where
        records.quarter = $quarter
        and records.organisation_code is not null
        and ($codes is null or list_contains($codes::varchar[], records.organisation_code))
    union all
    select
        failing_lines.organisation_code,
        shown.shown_feed as feed,
        failing_lines.rule_id,
        failing_lines.submission_id,
        failing_lines.line_number,
        failing_lines.record_key
    from intermediate.int_failing_lines as failing_lines
    inner join shown
        on
            failing_lines.organisation_code = shown.organisation_code
            and failing_lines.feed = shown.feed
    inner join failed
        on
            failing_lines.rule_id = failed.rule_id
            and failing_lines.organisation_code = failed.organisation_code
            and shown.shown_feed = failed.feed
    where failing_lines.quarter = $quarter
),

final as (
    select
        lines.organisation_code,
        lines.feed,
        lines.rule_id,
        rules.name,
        rules.description,
        rules.advice,
        rules.grain,
        submissions.file_name,
        submissions.extract_date,
        lines.submission_id,
        lines.line_number,
        lines.record_key,
        count(*) over rule_lines as n_records
    from lines
    inner join marts.dim_dq_rule as rules on lines.rule_id = rules.rule_id
    inner join marts.dq_submissions as submissions
        on lines.submission_id = submissions.submission_id
    window rule_lines as (partition by lines.organisation_code, lines.feed, lines.rule_id)
    qualify
        row_number() over (
            partition by lines.organisation_code, lines.feed, lines.rule_id
            order by submissions.extract_date desc, lines.submission_id, lines.line_number
        ) <= 10
)

select * from final
order by
    organisation_code, feed, rule_id, extract_date desc, submission_id, line_number
