-- The lines that a body is shown are as many as its rule counted. Rules that count single records;
-- of care those of trusts, to which alone lines are shown. A line is of the feed that it came in;
-- the count of both formats of a quarter stands under one of them.
with

feeds as (
    select
        feed,
        subject
    from {{ ref('int_feeds') }}
),

counted as (
    select
        rule_results.rule_id,
        rule_results.organisation_code,
        feeds.subject,
        rule_results.quarter,
        sum(rule_results.n_failed) as n_failed
    from {{ ref('int_rule_results') }} as rule_results
    inner join {{ ref('int_organisations') }} as organisations
        on rule_results.organisation_code = organisations.organisation_code
    inner join feeds
        on rule_results.feed = feeds.feed
    where
        rule_results.rule_id in (
            'A04', 'A05', 'A07', 'A08', 'A12', 'A14', 'A15', 'A16', 'A17', 'O02', 'O03', 'O04',
            'U01', 'D02', 'W03', 'R01'
        )
        and (
            rule_results.feed not in ({{ activity_feeds() }})
            or organisations.organisation_class = 'trust'
        )
    group by
        rule_results.rule_id, rule_results.organisation_code, feeds.subject, rule_results.quarter
),

lines as (
    select
        failing_lines.rule_id,
        failing_lines.organisation_code,
        feeds.subject,
        failing_lines.quarter,
        count(*) as n_lines
    from {{ ref('int_failing_lines') }} as failing_lines
    inner join feeds
        on failing_lines.feed = feeds.feed
    group by
        failing_lines.rule_id, failing_lines.organisation_code, feeds.subject,
        failing_lines.quarter
)

select
    counted.*,
    lines.n_lines
from counted
left join lines
    on
        counted.rule_id = lines.rule_id
        and counted.organisation_code = lines.organisation_code
        and counted.subject = lines.subject
        and counted.quarter = lines.quarter
where counted.n_failed <> coalesce(lines.n_lines, 0)
