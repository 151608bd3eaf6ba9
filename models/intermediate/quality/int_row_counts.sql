-- Of published turnover the rows of all staff count, and of these not the joiners.
{% set needed_of_turnover -%}
    is_in_total
    and (
        feed = 'esr_movement'
        or coalesce(headcount_start, headcount_end, leavers) is not null
        or not {{ is_read('staff_turnover') }}
    )
{%- endset -%}
with

placed_rows as (
    {% for rows, size, is_counted in [
        ('int_prescribing_rows', 'item_count', 'true'),
        ('int_sickness_rows', 'cast(null as double)', 'true'),
        ('int_staff_movement_rows', 'cast(null as double)', needed_of_turnover),
        ('int_finance_rows', 'total_pay_gbp', 'true'),
        (
            'int_payment_rows',
            'case when supplier_category is not null then invoices_paid_gbp end',
            "coalesce(supplier_category = 'NON_NHS', false)",
        ),
        ('int_procurement_rows', 'addressable_spend_gbp', 'true'),
    ] -%}
        {%- set is_sickness = rows == 'int_sickness_rows' %}
        {%- set is_finance = rows == 'int_finance_rows' %}
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
            {{ 'is_rate_off' if is_sickness else 'cast(null as boolean)' }} as is_rate_off,
            {{ is_counted }} as is_counted,
            {{ 'closing_cash_gbp + closing_cash_plan_gbp + annual_turnover_gbp is not null'
                if is_finance else 'false' }} as is_with_cash,
            {{ 'surplus_gbp + surplus_plan_gbp + annual_turnover_gbp is not null'
                if is_finance else 'false' }} as is_with_surplus,
            cast({{ size }} as double) as size
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
        count(*) filter (where is_rate_off) as n_rate_off,
        count(*) filter (where is_counted) as n_counted,
        count(*) filter (where is_with_cash) as n_with_cash,
        count(*) filter (where is_with_surplus) as n_with_surplus,
        sum(size) as size
    from placed_rows
    group by
        feed, submission_id, submitted_organisation_code, organisation_code, quarter,
        month_start_date, quarantine_rule, unread_measures, is_set_aside
)

select * from final
