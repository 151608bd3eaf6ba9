-- England's total as published, a row a quarter; a total is of what was in it at publication.
select
    quarter,
    sum(before_gbp) filter (where was_in_total) as before_gbp,
    sum(after_gbp) filter (where is_in_total) as after_gbp,
    count(*) as n_rows,
    count(*) filter (where is_changed) as n_changed
from compared
group by quarter
order by quarter
