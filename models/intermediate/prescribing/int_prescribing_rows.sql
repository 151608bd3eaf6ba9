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
            net_ingredient_cost_gbp,
            unread_measures
        from {{ ref('int_rows__' ~ feed) }}
        where is_effective
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- Rulebook 6.27. A null compares as unknown and stays.
{% set cannot_be -%}
    submitted.item_count < 0
    or submitted.item_count <> floor(submitted.item_count)
    or submitted.quantity <= 0
    or (submitted.item_count > 0 and submitted.net_ingredient_cost_gbp = 0)
{%- endset -%}
{{ placed_rows('submitted', 'P02', cannot_be) }}

select * from placed_rows
