-- Names of the indicators, and the class of organisations that areas add up.
create or replace temp table registry as
select
    indicator_id,
    name,
    area_class
from read_csv($registry, header = true, all_varchar = true)
