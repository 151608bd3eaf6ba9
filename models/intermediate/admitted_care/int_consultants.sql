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

-- Rulebook 1.18: a number within the trust stands for the code, the same over all quarters of a
-- build. Ordered by a salted hash: codes are few and known, so that without the salt anyone could
-- work the order out, and from it whose number is whose.
final as (
    select
        organisation_code,
        consultant_code,
        'Consultant '
        || lpad(
            cast(
                row_number() over (
                    partition by organisation_code
                    order by {{ secret_hash("organisation_code || '|' || consultant_code") }}
                ) as varchar(6)
            ),
            4, '0'
        ) as consultant
    from codes
)

select * from final
