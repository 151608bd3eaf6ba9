with

unknown_consultants as (
    select consultant_code from {{ ref('unknown_consultants') }}
),

codes as (
    select distinct
        organisation_code,
        consultant_code
    from {{ ref('int_spells') }}
    where
        organisation_code is not null
        and consultant_code is not null
        and consultant_code not in (
            select unknown_consultants.consultant_code from unknown_consultants
        )
),

-- A number within the trust stands for the code: it tells nothing of who it is, and stays the same
-- over all quarters of a build. Ordered by a hash, so that it does not give away the code's place.
final as (
    select
        organisation_code,
        consultant_code,
        'Consultant '
        || lpad(
            cast(
                row_number() over (
                    partition by organisation_code
                    order by md5(organisation_code || '|' || consultant_code)
                ) as varchar(6)
            ),
            4, '0'
        ) as consultant
    from codes
)

select * from final
