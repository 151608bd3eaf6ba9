{{ config(materialized='view') }}

with

submitted as (
    {% for feed, published_rate in [
        ('esr_absence', 'cast(null as double)'),
        ('nhse_sickness', 'sickness_absence_rate_percent'),
    ] -%}
        select
            '{{ feed }}' as feed,
            submission_id,
            line_number,
            record_key,
            quarter,
            {{ month_start('row_date') }} as month_start_date,
            submitted_organisation_code,
            fte_days_lost,
            fte_days_available,
            {{ published_rate }} as published_rate_percent,
            unread_measures
        from {{ ref('int_rows__' ~ feed) }}
        where is_effective
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Rulebook 6.47 and 6.48. A null compares as unknown; without a rate nothing can disagree.
tested as (
    select
        *,
        coalesce(
            fte_days_lost < 0 or fte_days_lost > fte_days_available or fte_days_available < 0,
            false
        ) as is_beyond_available,
        {{ comparable(
            'abs(published_rate_percent - 100 * fte_days_lost / nullif(fte_days_available, 0))'
        ) }} > {{ parameter('rate_tolerance') }} as is_rate_off
    from submitted
),

{{ placed_rows('tested') }}

select * from placed_rows
