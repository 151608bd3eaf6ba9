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
    {% for rows in [
        'int_prescribing_rows', 'int_sickness_rows', 'int_staff_movement_rows', 'int_finance_rows',
        'int_payment_rows', 'int_procurement_rows',
    ] -%}
        union all
        select
            feed,
            submission_id,
            line_number,
            record_key,
            quarantine_rule as rule_id
        from {{ ref(rows) }}
        where quarantine_rule is not null
    {% endfor -%}
    union all
    select
        'population' as feed,
        population.submission_id,
        population.line_number,
        population.record_key,
        repeated_rows.quarantine_rule as rule_id
    from {{ ref('stg_population') }} as population
    inner join {{ ref('int_repeated_rows') }} as repeated_rows
        on
            population.submission_id = repeated_rows.submission_id
            and population.line_number = repeated_rows.line_number
)

select * from final
