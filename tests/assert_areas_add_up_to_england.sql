-- Parts sum to the whole: the organisations' opportunities are England's, line by line.
with

opportunities as (
    select * from {{ ref('fct_opportunity') }}
),

sums as (
    select
        indicator_id,
        quarter,
        sum(opportunity_quarter_gbp) filter (where area_level = 'organisation')
            as organisations_gbp,
        sum(opportunity_quarter_gbp) filter (where area_level = 'sha') as authorities_gbp,
        sum(opportunity_quarter_gbp) filter (where area_level = 'england') as england_gbp
    from opportunities
    group by indicator_id, quarter
),

-- Organisations without an authority are in England only.
final as (
    select *
    from sums
    where
        abs(organisations_gbp - england_gbp) > 0.005
        or coalesce(authorities_gbp, 0) > england_gbp + 0.005
)

select * from final
