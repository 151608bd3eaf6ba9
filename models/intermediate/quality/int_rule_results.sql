{% for family in [
    'activity', 'episodes', 'spells', 'outpatients', 'workforce', 'completeness', 'overlap', 'follow_up',
    'rows', 'months', 'size', 'population'
] -%}
    select * from {{ ref('int_rule_results__' ~ family) }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
