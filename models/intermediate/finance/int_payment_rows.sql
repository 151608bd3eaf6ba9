with

submitted as (
    select * from {{ ref('int_rows__bppc') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

-- Rule F01: a share of invoices paid in time lies between nought and one.
final as (
    select
        submitted.submission_id,
        submitted.line_number,
        submitted.record_key,
        submitted.quarter,
        organisation_map.organisation_code,
        submitted.supplier_category,
        submitted.invoices_paid_gbp,
        submitted.within_target_gbp,
        coalesce(submitted.within_target_gbp > submitted.invoices_paid_gbp, false)
        or coalesce(submitted.within_target_count > submitted.invoices_paid_count, false)
        or coalesce(submitted.within_target_gbp < 0, false)
        or coalesce(submitted.within_target_count < 0, false) as is_implausible
    from submitted
    left join organisation_map
        on
            submitted.organisation_code = organisation_map.code
            and submitted.quarter = organisation_map.quarter
    where submitted.is_effective
)

select * from final
