select * from {{ ref('int_rule_results__activity') }}
union all
select * from {{ ref('int_rule_results__workforce') }}
