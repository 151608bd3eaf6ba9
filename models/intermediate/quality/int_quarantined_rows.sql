with

final as (
    {% for feed in periodic_feeds() -%}
        select
            '{{ feed }}' as feed,
            submission_id,
            line_number,
            record_key,
            quarantine_rule as rule_id
        from {{ ref('int_rows__' ~ feed) }}
        where quarantine_rule is not null
        union all
    {% endfor -%}
    select
        'hes_apc' as feed,
        submission_id,
        line_number,
        record_key,
        duplicate_rule as rule_id
    from {{ ref('int_repeated_episodes') }}
    union all
    select
        'hes_op' as feed,
        submission_id,
        line_number,
        record_key,
        duplicate_rule as rule_id
    from {{ ref('int_repeated_appointments') }}
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
