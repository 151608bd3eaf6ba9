-- The last build: when, of what state, and whether it was whole; the row of a run's end comes last.
select
    invocation_id,
    min(started_at) as built_at,
    any_value(command) as command,
    bool_or(is_full) as is_full,
    any_value(as_at) as as_at,
    max(n_failures) as n_failures
from audit.builds
where command != 'test'
group by invocation_id
order by built_at desc
limit 1
