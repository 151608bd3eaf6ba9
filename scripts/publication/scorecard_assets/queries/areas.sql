-- One row per SHA, and one for England: the pounds of their organisations.
select
    area_level,
    area_code,
    max(opportunity_annual_gbp) filter (where indicator_id = 'ALL') as published_gbp,
    max(opportunity_annual_gbp) filter (where indicator_id = 'ALL_NETTED') as netted_gbp
from fct_opportunity
where
    quarter = $quarter
    and area_level in ('sha', 'england')
    and indicator_id in ('ALL', 'ALL_NETTED')
group by area_level, area_code
order by area_code
