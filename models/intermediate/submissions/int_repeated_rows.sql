with

total_labels as (
    select distinct {{ plain_label('label') }} as label from {{ ref('total_labels') }}
),

-- Few rows may be alike: a hash finds them, and only these are read whole and compared. That two
-- rows share a hash by chance makes them candidates and no more. The rows are named in each step,
-- since an engine that keeps a step's result would keep every row with all its text.
likenesses as (
    select
        submission_id,
        likeness
    from {{ ref('int_comparable_rows') }}
    group by submission_id, likeness
    having count(*) > 1
),

sharing_rows as (
    select
        comparable_rows.submission_id,
        comparable_rows.line_number
    from {{ ref('int_comparable_rows') }} as comparable_rows
    inner join likenesses
        on
            comparable_rows.submission_id = likenesses.submission_id
            and comparable_rows.likeness = likenesses.likeness
),

candidates as (
    select
        comparable_rows.feed,
        comparable_rows.submission_id,
        comparable_rows.line_number,
        comparable_rows.record_key,
        comparable_rows.as_received
    from {{ ref('int_comparable_rows') }} as comparable_rows
    inner join sharing_rows
        on
            comparable_rows.submission_id = sharing_rows.submission_id
            and comparable_rows.line_number = sharing_rows.line_number
),

-- Rulebook 6.39: the first line stays.
identical_rows as (
    select
        submission_id,
        line_number
    from candidates
    qualify row_number() over (
        partition by feed, submission_id, record_key, as_received
        order by line_number
    ) > 1
),

organisation_codes as (
    select
        code,
        organisation_code
    from {{ ref('int_organisation_codes') }}
),

-- RWE and RWE00 are one organisation, as the code is read.
labelled_rows as (
    select
        comparable_rows.submission_id,
        comparable_rows.line_number,
        total_labels.label is not null as is_total,
        count(*) filter (
            where comparable_rows.staff_group is not null and total_labels.label is null
        ) over (
            partition by
                comparable_rows.submission_id, organisation_codes.organisation_code,
                comparable_rows.month_start_date
        ) as n_parts
    from {{ ref('int_comparable_rows') }} as comparable_rows
    left join total_labels
        on {{ plain_label('comparable_rows.staff_group') }} = total_labels.label
    inner join organisation_codes
        on comparable_rows.submitted_organisation_code = organisation_codes.code
    where comparable_rows.feed in ('esr_absence', 'esr_movement')
),

-- Rulebook 6.41: a total is not added to its parts; alone it is the organisation's figure.
total_rows as (
    select
        submission_id,
        line_number
    from labelled_rows
    where is_total and n_parts > 0
),

quarantined as (
    select
        submission_id,
        line_number,
        min(rule_id) as quarantine_rule
    from (
        select
            *,
            'D01' as rule_id
        from identical_rows
        union all
        select
            *,
            'T01' as rule_id
        from total_rows
    ) as failures
    group by submission_id, line_number
),

-- Rulebook 6.40: what is left under one key differs. Prescribing is added up: a line a pack.
conflicting_rows as (
    select
        candidates.submission_id,
        candidates.line_number
    from candidates
    left join quarantined
        on
            candidates.submission_id = quarantined.submission_id
            and candidates.line_number = quarantined.line_number
    where
        quarantined.quarantine_rule is null
        and candidates.feed not in (
            {% for feed in summed_feeds() -%}
                '{{ feed }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
    qualify count(*) over (
        partition by candidates.feed, candidates.submission_id, candidates.record_key
    ) > 1
),

final as (
    select
        submission_id,
        line_number,
        quarantine_rule,
        false as is_conflicting
    from quarantined
    union all
    select
        submission_id,
        line_number,
        cast(null as varchar) as quarantine_rule,
        true as is_conflicting
    from conflicting_rows
)

select * from final
