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
        'hes_op' as feed,
        submission_id,
        line_number,
        record_key,
        'O01' as rule_id
    from {{ ref('int_appointments') }}
    where is_duplicate
    union all
    select
        feed,
        submission_id,
        line_number,
        record_key,
        'P02' as rule_id
    from {{ ref('int_prescribing_rows') }}
    where is_implausible
    union all
    select
        'bppc' as feed,
        submission_id,
        line_number,
        record_key,
        'F01' as rule_id
    from {{ ref('int_payment_rows') }}
    where is_implausible
)

select * from final
