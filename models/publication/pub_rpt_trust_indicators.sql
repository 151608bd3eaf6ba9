with

-- A row of many indicators has no disclosure status of its own: that of each says suppressed.
indicator_values as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_type,
        value,
        national_rank,
        quartile,
        case
            when disclosure_status = 'suppressed' then 'suppressed'
            else publication_status
        end as publication_status,
        opportunity_annual_gbp
    from {{ ref('pub_fct_indicator_values') }}
    where organisation_class = 'trust'
),

{{ report('trust') }}

select * from report
