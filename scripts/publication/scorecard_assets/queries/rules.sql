-- One row per data-quality rule.
select
    rule_id,
    name
from dim_dq_rule
order by rule_id
