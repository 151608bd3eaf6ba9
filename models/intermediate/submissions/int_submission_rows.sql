{% for feed in periodic_feeds() -%}
    select
        '{{ feed }}' as feed,
        submission_id,
        line_number,
        record_key,
        submitted_organisation_code,
        submitted_commissioner_code,
        row_date,
        quarter,
        quarantine_rule,
        is_effective
    from ({{ classified_rows(feed) }}) as {{ feed }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
