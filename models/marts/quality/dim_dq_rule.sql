select
    rule_id,
    name,
    feeds,
    dimension,
    grain,
    description,
    amber_over,
    red_over,
    amber_under,
    red_under,
    gates_indicators,
    treatment,
    advice,
    evidence
from {{ ref('dq_rules') }}
