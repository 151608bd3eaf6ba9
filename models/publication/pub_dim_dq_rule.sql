select * from {{ ref('dim_dq_rule') }}
