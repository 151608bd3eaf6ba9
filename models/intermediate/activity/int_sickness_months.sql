with

submitted as (
    {% for feed in ['esr_absence', 'nhse_sickness'] -%}
        select
            '{{ feed }}' as feed,
            organisation_code,
            {{ month_start('row_date') }} as month_start_date,
            fte_days_lost,
            fte_days_available
        from ({{ classified_rows(feed) }}) as {{ feed }}
        where is_effective
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

quarters as (
    select
        quarter,
        previous_quarter,
        quarter_start_date,
        quarter_end_date
    from {{ ref('int_quarters') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

-- Each month twice: in its own quarter, and as part of the preceding one under the mapping of the
-- quarter that it is compared with (interfaces 5.6.4).
placed as (
    select
        submitted.*,
        quarters.quarter as month_quarter,
        quarters.quarter as mapping_quarter
    from submitted
    inner join quarters
        on
            submitted.month_start_date
            between quarters.quarter_start_date and quarters.quarter_end_date
    union all
    select
        submitted.*,
        next_quarters.previous_quarter as month_quarter,
        next_quarters.quarter as mapping_quarter
    from submitted
    inner join quarters
        on
            submitted.month_start_date
            between quarters.quarter_start_date and quarters.quarter_end_date
    inner join quarters as next_quarters
        on quarters.quarter = next_quarters.previous_quarter
),

mapped as (
    select
        placed.feed,
        placed.month_start_date,
        placed.month_quarter,
        placed.mapping_quarter,
        organisation_map.organisation_code,
        placed.fte_days_lost,
        placed.fte_days_available
    from placed
    inner join organisation_map
        on
            placed.organisation_code = organisation_map.code
            and placed.mapping_quarter = organisation_map.quarter
),

monthly as (
    select
        mapping_quarter,
        month_quarter,
        organisation_code,
        month_start_date,
        feed,
        sum(fte_days_lost) as fte_days_lost,
        sum(fte_days_available) as fte_days_available
    from mapped
    group by mapping_quarter, month_quarter, organisation_code, month_start_date, feed
),

-- Interfaces 5.1.7: the local format counts where both cover an organisation's month.
final as (
    select *
    from monthly
    qualify row_number() over (
        partition by mapping_quarter, organisation_code, month_start_date
        order by feed
    ) = 1
)

select * from final
