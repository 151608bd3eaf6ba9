with

-- Rulebook 6.42: A06 is judged on every row that landed, the others on rows that count, and none
-- at rows that a local format sets aside. A row outside the declared period has its own quarter.
final as (
    {% for feed, repeated_rows in [
        ('hes_apc', 'int_repeated_episodes'), ('hes_op', 'int_repeated_appointments'),
    ] -%}
        select
            '{{ feed }}' as feed,
            submitted.submission_id,
            submitted.line_number,
            submitted.record_key,
            submitted.submitted_organisation_code,
            coalesce(submitted.quarter, {{ nhs_quarter('submitted.row_date') }}) as quarter,
            coalesce(submitted.quarantine_rule, repeated_rows.duplicate_rule) as rule_id
        from {{ ref('int_rows__' ~ feed) }} as submitted
        left join {{ ref(repeated_rows) }} as repeated_rows
            on
                submitted.submission_id = repeated_rows.submission_id
                and submitted.line_number = repeated_rows.line_number
        where submitted.quarantine_rule is not null or repeated_rows.duplicate_rule is not null
        union all
    {% endfor -%}
    {% for feed in monthly_feeds() -%}
        select
            '{{ feed }}' as feed,
            submission_id,
            line_number,
            record_key,
            submitted_organisation_code,
            coalesce(quarter, {{ nhs_quarter('row_date') }}) as quarter,
            quarantine_rule as rule_id
        from {{ ref('int_rows__' ~ feed) }}
        where quarantine_rule is not null
        union all
    {% endfor -%}
    {% for rows in [
        'int_prescribing_rows', 'int_sickness_rows', 'int_staff_movement_rows', 'int_finance_rows',
        'int_payment_rows', 'int_procurement_rows',
    ] -%}
        select
            feed,
            submission_id,
            line_number,
            record_key,
            submitted_organisation_code,
            quarter,
            quarantine_rule as rule_id
        from {{ ref(rows) }}
        where quarantine_rule is not null and not is_set_aside
        union all
    {% endfor -%}
    select
        'population' as feed,
        population.submission_id,
        population.line_number,
        population.record_key,
        population.pct_code as submitted_organisation_code,
        cast(null as varchar) as quarter,
        repeated_rows.quarantine_rule as rule_id
    from {{ ref('stg_population') }} as population
    inner join {{ ref('int_repeated_rows') }} as repeated_rows
        on
            population.submission_id = repeated_rows.submission_id
            and population.line_number = repeated_rows.line_number
    inner join {{ ref('int_population_extracts') }} as extracts
        on
            population.submission_id = extracts.submission_id
            and population.pct_code is not distinct from extracts.pct_code
            and population.population_year is not distinct from extracts.population_year
    where extracts.is_effective and repeated_rows.quarantine_rule is not null
)

select * from final
