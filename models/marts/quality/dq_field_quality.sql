with

final as (
    select
        organisation_code,
        feed,
        quarter,
        field,
        n_records,
        n_valid,
        n_default,
        n_invalid,
        n_missing,
        item_score
    from {{ ref('int_field_quality') }}
)

select * from final
