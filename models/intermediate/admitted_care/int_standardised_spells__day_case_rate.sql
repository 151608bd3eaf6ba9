{{ config(materialized='view') }}

with

basket_spells as (
    select
        spell_id,
        organisation_code,
        quarter,
        procedure_id,
        deprivation_quintile,
        is_day_case
    from {{ ref('int_day_case_basket_spells') }}
),

-- Rulebook 5.3: what is expected hangs on the procedure alone, however rare.
final as (
    select
        'day_case_rate' as short_name,
        spell_id,
        organisation_code,
        quarter,
        deprivation_quintile,
        procedure_id as casemix_cell,
        cast(null as varchar) as wider_casemix_cell,
        case when is_day_case then 1.0 else 0.0 end as observed
    from basket_spells
)

select * from final
