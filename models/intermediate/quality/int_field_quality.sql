with

field_states as (
    select
        feed,
        submitted_organisation_code,
        quarter,
        field_states,
        n_rows
    from {{ ref('int_field_states') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

expected_feeds as (
    select
        organisation_code,
        quarter,
        feed
    from {{ ref('int_scored_feeds') }}
    where is_expected
),

judged_fields as (
    {{ fields_of_feeds() }}
),

patterns as (
    select
        expected_feeds.organisation_code,
        field_states.feed,
        field_states.quarter,
        field_states.field_states,
        sum(field_states.n_rows) as n_rows
    from field_states
    inner join organisation_map
        on
            field_states.submitted_organisation_code = organisation_map.code
            and field_states.quarter = organisation_map.quarter
    inner join expected_feeds
        on
            field_states.feed = expected_feeds.feed
            and field_states.quarter = expected_feeds.quarter
            and organisation_map.organisation_code = expected_feeds.organisation_code
    group by
        expected_feeds.organisation_code, field_states.feed, field_states.quarter,
        field_states.field_states
),

states as (
    select
        patterns.organisation_code,
        patterns.feed,
        patterns.quarter,
        judged_fields.field,
        judged_fields.is_scored,
        judged_fields.default_threshold,
        substr(patterns.field_states, judged_fields.position, 1) as field_state,
        patterns.n_rows
    from patterns
    inner join judged_fields
        on patterns.feed = judged_fields.feed
),

-- Each state is counted for itself: none is what the others leave.
counted as (
    select
        organisation_code,
        feed,
        quarter,
        field,
        is_scored,
        default_threshold,
        {% for state, letter in [
            ('valid', 'v'), ('default', 'd'), ('invalid', 'i'), ('missing', 'm')
        ] -%}
            cast(coalesce(sum(n_rows) filter (where field_state = '{{ letter }}'), 0) as bigint)
                as n_{{ state }},
        {% endfor -%}
        cast(sum(n_rows) as bigint) as n_records
    from states
    group by organisation_code, feed, quarter, field, is_scored, default_threshold
),

-- Rulebook 8.8: defaults count as valid up to the share of records that the contract allows.
final as (
    select
        organisation_code,
        feed,
        quarter,
        field,
        n_records,
        n_valid,
        n_default,
        n_invalid,
        n_missing,
        case
            when is_scored
                then (
                    n_valid + least(cast(n_default as double), default_threshold * n_records)
                ) / n_records
        end as item_score
    from counted
)

select * from final
