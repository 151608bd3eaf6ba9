-- The lines that a body is shown are as many as its rule counted. Rules that count single records;
-- of care those of trusts, to which alone lines are shown.
with

counted as (
    select
        rule_results.rule_id,
        rule_results.organisation_code,
        rule_results.feed,
        rule_results.quarter,
        rule_results.n_failed
    from {{ ref('int_rule_results') }} as rule_results
    inner join {{ ref('int_organisations') }} as organisations
        on rule_results.organisation_code = organisations.organisation_code
    where
        rule_results.rule_id in (
            'A04', 'A05', 'A07', 'A08', 'A12', 'A14', 'A15', 'A16', 'A17', 'O02', 'O03', 'O04',
            'U01', 'D02', 'W03', 'R01'
        )
        and (
            rule_results.feed not in ({{ activity_feeds() }})
            or organisations.organisation_class = 'trust'
        )
),

lines as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        count(*) as n_lines
    from {{ ref('int_failing_lines') }}
    group by rule_id, organisation_code, feed, quarter
)

select
    counted.*,
    lines.n_lines
from counted
left join lines
    on
        counted.rule_id = lines.rule_id
        and counted.organisation_code = lines.organisation_code
        and counted.feed = lines.feed
        and counted.quarter = lines.quarter
where counted.n_failed <> coalesce(lines.n_lines, 0)
