{{ config(materialized='view') }}

with

released as (
    select * from {{ ref('stg_released_values') }}
),

final as (
    select
        release,
        kind,
        code_version,
        published_at,
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        value,
        opportunity_annual_gbp,
        is_in_published_total,
        data_fingerprint,
        disclosure_status,
        row_number() over (
            partition by indicator_id, organisation_code, quarter
            order by published_at, release
        ) as release_number,
        count(*) over (partition by indicator_id, organisation_code, quarter) as n_releases,
        -- Public releases alone; in the ledger of an older version there are internal ones as well.
        case
            when kind = 'public'
                then
                    row_number() over (
                        partition by indicator_id, organisation_code, quarter, kind
                        order by published_at, release
                    )
        end as public_release_number,
        count(*) filter (where kind = 'public') over (
            partition by indicator_id, organisation_code, quarter
        ) as n_public_releases
    from released
)

select * from final
