with

submitted as (
    {% for feed in ['esr_absence', 'nhse_sickness'] -%}
        select
            '{{ feed }}' as feed,
            organisation_code as code,
            {{ month_start('row_date') }} as month_start_date,
            fte_days_lost,
            fte_days_available
        from {{ ref('int_rows__' ~ feed) }}
        where is_effective
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Each month in its own quarter, and as part of the preceding one of the quarter after.
{{ mapped_months('submitted', months_before=3) }},

final as (
    select
        mapping_quarter,
        month_quarter,
        organisation_code,
        month_start_date,
        min(feed) as feed,
        sum(fte_days_lost) as fte_days_lost,
        sum(fte_days_available) as fte_days_available
    from mapped_months
    group by mapping_quarter, month_quarter, organisation_code, month_start_date
)

select * from final
