{%- set quarantine_rules = ['A01', 'A03', 'A06', 'D01', 'F01', 'O01', 'ORG', 'P02', 'T01'] -%}
with

submissions as (
    select
        submission_id,
        feed,
        line_count,
        row_count,
        extract_date,
        landed_at
    from {{ ref('int_submissions') }}
),

rejects as (
    select
        submission_id,
        count(*) as n_rejected
    from {{ ref('stg_submission_rejects') }}
    group by submission_id
),

submission_counts as (
    select
        submission_id,
        quarantine_rule,
        is_effective,
        n_rows
    from {{ ref('int_submission_counts') }}
),

population_extracts as (
    select
        submission_id,
        is_effective,
        n_rows
    from {{ ref('int_population_extracts') }}
),

-- Rulebook 1.5. What names nobody is nobody's latest row.
listed as (
    select
        'organisations' as feed,
        submission_id,
        organisation_code as code,
        line_number
    from {{ ref('stg_organisations') }}
    union all
    select
        'successions' as feed,
        submission_id,
        old_organisation_code as code,
        line_number
    from {{ ref('stg_successions') }}
),

listed_in_order as (
    select
        listed.submission_id,
        listed.code,
        row_number() over (
            partition by listed.feed, listed.code
            order by
                submissions.extract_date desc, submissions.landed_at desc, listed.line_number asc
        ) as place
    from listed
    inner join submissions
        on listed.submission_id = submissions.submission_id
),

read_rows as (
    select
        submission_id,
        n_rows,
        case when quarantine_rule is null and not is_effective then n_rows else 0 end
            as n_superseded
    from submission_counts
    union all
    select
        submission_id,
        n_rows,
        case when is_effective then 0 else n_rows end as n_superseded
    from population_extracts
    union all
    select
        submission_id,
        1 as n_rows,
        case when code is null or place > 1 then 1 else 0 end as n_superseded
    from listed_in_order
),

read_counts as (
    select
        submission_id,
        sum(n_rows) as n_read,
        sum(n_superseded) as n_superseded
    from read_rows
    group by submission_id
),

quarantined as (
    select
        submission_id,
        {% for rule_id in quarantine_rules -%}
            count(*) filter (where rule_id = '{{ rule_id }}') as n_{{ rule_id | lower }},
        {% endfor -%}
        count(*) as n_quarantined
    from {{ ref('int_quarantined_rows') }}
    group by submission_id
),

-- Counted from the models that use the rows, not from what is left of the total.
used_rows as (
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_episodes') }}
    where duplicate_rule is null
    union all
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_appointments') }}
    where not is_duplicate
    union all
    select
        submission_id,
        is_set_aside,
        n_rows
    from {{ ref('int_row_counts') }}
    where quarantine_rule is null or is_set_aside
    union all
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_organisations') }}
    where submission_id is not null
    union all
    select
        submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('int_successions') }}
    where submission_id is not null
    union all
    select
        population.submission_id,
        false as is_set_aside,
        1 as n_rows
    from {{ ref('stg_population') }} as population
    inner join {{ ref('int_population_extracts') }} as extracts
        on
            population.submission_id = extracts.submission_id
            and population.pct_code is not distinct from extracts.pct_code
            and population.population_year is not distinct from extracts.population_year
    left join {{ ref('int_repeated_rows') }} as repeated_rows
        on
            population.submission_id = repeated_rows.submission_id
            and population.line_number = repeated_rows.line_number
    where extracts.is_effective and repeated_rows.quarantine_rule is null
),

used as (
    select
        submission_id,
        coalesce(sum(n_rows) filter (where not is_set_aside), 0) as n_in_use,
        coalesce(sum(n_rows) filter (where is_set_aside), 0) as n_set_aside
    from used_rows
    group by submission_id
),

final as (
    select
        submissions.submission_id,
        submissions.feed,
        submissions.line_count as n_lines,
        coalesce(rejects.n_rejected, 0) as n_rejected,
        submissions.row_count as n_landed,
        cast(coalesce(read_counts.n_read, 0) as bigint) as n_read,
        cast(coalesce(used.n_in_use, 0) as bigint) as n_in_use,
        cast(coalesce(used.n_set_aside, 0) as bigint) as n_set_aside,
        cast(coalesce(read_counts.n_superseded, 0) as bigint) as n_superseded,
        {% for rule_id in quarantine_rules -%}
            coalesce(quarantined.n_{{ rule_id | lower }}, 0) as n_{{ rule_id | lower }},
        {% endfor -%}
        coalesce(quarantined.n_quarantined, 0) as n_quarantined
    from submissions
    left join rejects
        on submissions.submission_id = rejects.submission_id
    left join read_counts
        on submissions.submission_id = read_counts.submission_id
    left join used
        on submissions.submission_id = used.submission_id
    left join quarantined
        on submissions.submission_id = quarantined.submission_id
)

select * from final
