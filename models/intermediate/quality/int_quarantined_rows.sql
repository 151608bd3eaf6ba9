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
    {% for rows in ['int_prescribing_rows', 'int_payment_rows'] -%}
        union all
        select
            feed,
            submission_id,
            line_number,
            record_key,
            quarantine_rule as rule_id
        from {{ ref(rows) }}
        where quarantine_rule is not null
    {% endfor %}
)

select * from final
