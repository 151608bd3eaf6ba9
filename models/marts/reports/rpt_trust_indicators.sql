with

indicator_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_type,
        value,
        national_rank,
        quartile,
        publication_status,
        opportunity_annual_gbp
    from {{ ref('fct_indicator_values') }}
    where organisation_class = 'trust'
),

{{ report('trust') }}

select * from report
