{% set short_names = [
    'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'emergency_readmission'
] -%}
with

spells as (
    {% for short_name in short_names -%}
        select * from {{ ref('int_standardised_spells__' ~ short_name) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A provider of another type, or a spell of which nothing can be observed, is in no cell.
final as (
    select * from spells
    where organisation_code is not null and observed is not null
)

select * from final
