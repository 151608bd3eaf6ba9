{% set counts = ['n_records', 'n_valid', 'n_default', 'n_invalid', 'n_missing'] -%}
with

fields as (
    select
        *,
        feed in ({{ activity_feeds() }}) as is_of_patients
    from {{ ref('dq_field_quality') }}
),

judged as (
    select
        *,
        is_of_patients and {{ has_small_count(counts) }} as is_hidden
    from fields
),

final as (
    select
        organisation_code,
        feed,
        quarter,
        field,
        {{ patients_counts(counts) }},
        {{ patients_share('item_score') }} as item_score,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select * from final
