{% for feed in periodic_feeds() -%}
    select
        '{{ feed }}' as feed,
        submission_id,
        submitted_organisation_code,
        submitted_commissioner_code,
        {{ month_start('row_date') }} as month_start_date,
        quarter,
        quarantine_rule,
        is_effective,
        count(*) as n_rows
    from {{ ref('int_rows__' ~ feed) }}
    group by all
    {% if not loop.last %}union all{% endif %}
{% endfor %}
