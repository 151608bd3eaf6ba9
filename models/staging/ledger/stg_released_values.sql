with

source as (
    select * from {{ source('ledger', 'released_values') }}
),

final as (
    select
        release,
        kind,
        code_version,
        as_at,
        published_at,
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        value,
        publication_status,
        national_rank,
        opportunity_annual_gbp,
        is_in_published_total,
        data_fingerprint,
        disclosure_status
    from source
)

select * from final
