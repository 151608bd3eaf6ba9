with

placed_rows as (
    {% for rows in [
        'int_prescribing_rows', 'int_sickness_rows', 'int_staff_movement_rows', 'int_finance_rows',
        'int_payment_rows', 'int_procurement_rows',
    ] -%}
        {%- set is_sickness = rows == 'int_sickness_rows' %}
        select
            feed,
            submission_id,
            submitted_organisation_code,
            organisation_code,
            quarter,
            month_start_date,
            quarantine_rule,
            unread_measures,
            is_set_aside,
            is_conflicting,
            {{ 'is_beyond_available' if is_sickness else 'false' }} as is_beyond_available,
            {{ 'is_rate_off' if is_sickness else 'cast(null as boolean)' }} as is_rate_off
        from {{ ref(rows) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        feed,
        submission_id,
        submitted_organisation_code,
        organisation_code,
        quarter,
        month_start_date,
        quarantine_rule,
        unread_measures,
        is_set_aside,
        count(*) as n_rows,
        count(*) filter (where is_conflicting) as n_conflicting,
        count(*) filter (where is_beyond_available) as n_beyond_available,
        count(is_rate_off) as n_with_rate,
        count(*) filter (where is_rate_off) as n_rate_off
    from placed_rows
    group by
        feed, submission_id, submitted_organisation_code, organisation_code, quarter,
        month_start_date, quarantine_rule, unread_measures, is_set_aside
)

select * from final
