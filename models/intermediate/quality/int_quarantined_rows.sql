with

final as (
    select
        feed,
        submission_id,
        line_number,
        record_key,
        quarantine_rule as rule_id
    from {{ ref('int_submission_rows') }}
    where quarantine_rule is not null
    union all
    select
        'hes_apc' as feed,
        submission_id,
        line_number,
        record_key,
        duplicate_rule as rule_id
    from {{ ref('int_episodes') }}
    where duplicate_rule is not null
    union all
    select
        feed,
        submission_id,
        line_number,
        record_key,
        'P02' as rule_id
    from {{ ref('int_prescribing_rows') }}
    where is_implausible
)

select * from final
