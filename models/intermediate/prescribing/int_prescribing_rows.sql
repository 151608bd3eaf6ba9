with

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

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
            pct_code,
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

-- Methodology 7.2, rule P02. A null compares as unknown and stays.
judged as (
    select
        *,
        coalesce(
            item_count < 0 or quantity <= 0 or (item_count > 0 and net_ingredient_cost_gbp = 0),
            false
        ) as is_implausible
    from submitted
),

final as (
    select
        judged.*,
        organisation_map.organisation_code
    from judged
    left join organisation_map
        on judged.pct_code = organisation_map.code and judged.quarter = organisation_map.quarter
)

select * from final
