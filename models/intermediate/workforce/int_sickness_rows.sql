{{ config(materialized='view') }}

with

submitted as (
    {% for feed in ['esr_absence', 'nhse_sickness'] -%}
        select
            '{{ feed }}' as feed,
            submission_id,
            line_number,
            record_key,
            quarter,
            {{ month_start('row_date') }} as month_start_date,
            submitted_organisation_code,
            fte_days_lost,
            fte_days_available
        from {{ ref('int_rows__' ~ feed) }}
        where is_effective
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

feed_months as (
    select
        feed,
        submitted_organisation_code,
        month_start_date,
        organisation_code,
        is_set_aside
    from {{ ref('int_feed_months') }}
    where quarters_back = 0
),

final as (
    select
        submitted.*,
        feed_months.organisation_code,
        coalesce(feed_months.is_set_aside, false) as is_set_aside
    from submitted
    left join feed_months
        on
            submitted.feed = feed_months.feed
            and submitted.submitted_organisation_code = feed_months.submitted_organisation_code
            and submitted.month_start_date = feed_months.month_start_date
)

select * from final
