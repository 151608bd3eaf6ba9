with

organisations as (
    select * from {{ ref('int_organisations') }}
),

successions as (
    select
        old_code,
        new_code,
        effective_date
    from {{ ref('int_successions') }}
),

final as (
    select
        organisations.organisation_code,
        organisations.organisation_name,
        organisations.organisation_type,
        organisations.organisation_class,
        organisations.sha_code,
        organisations.cluster,
        organisations.open_date,
        organisations.close_date,
        successions.new_code as successor_code,
        successions.effective_date as succeeded_on,
        organisations.source
    from organisations
    left join successions
        on organisations.organisation_code = successions.old_code
)

select * from final
