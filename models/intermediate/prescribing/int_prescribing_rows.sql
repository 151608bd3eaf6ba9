{{ config(materialized='view') }}

with

submitted as (
    {% for feed, practice in [
        ('epact', 'practice_code'),
        ('epd', "case when coalesce(unidentified_flag, 'N') <> 'Y' then practice_code end"),
    ] -%}
        select
            '{{ feed }}' as feed,
            submission_id,
            line_number,
            record_key,
            quarter,
            {{ month_start('row_date') }} as month_start_date,
            submitted_organisation_code,
            {{ practice }} as practice_code,
            bnf_code,
            item_count,
            quantity,
            net_ingredient_cost_gbp
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

-- Rulebook 6.27. A null compares as unknown and stays.
final as (
    select
        submitted.*,
        feed_months.organisation_code,
        case
            when
                submitted.item_count < 0
                or submitted.quantity <= 0
                or (submitted.item_count > 0 and submitted.net_ingredient_cost_gbp = 0)
                then 'P02'
        end as quarantine_rule,
        coalesce(feed_months.is_set_aside, false) as is_set_aside
    from submitted
    left join feed_months
        on
            submitted.feed = feed_months.feed
            and submitted.submitted_organisation_code = feed_months.submitted_organisation_code
            and submitted.month_start_date = feed_months.month_start_date
)

select * from final
