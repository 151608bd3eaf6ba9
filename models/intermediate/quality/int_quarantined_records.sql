{{ config(materialized='view') }}

with

quarantined_rows as (
    select
        quarantined_rows.*,
        submissions.column_names
    from {{ ref('int_quarantined_rows') }} as quarantined_rows
    inner join {{ ref('int_submissions') }} as submissions
        on quarantined_rows.submission_id = submissions.submission_id
),

-- The lake itself: staging has neither the text of a value nor what is not in the contract. Few
-- rows are quarantined, and only these are made text of.
final as (
    {% for feed in periodic_feeds() + ['population'] -%}
        select
            quarantined_rows.feed,
            quarantined_rows.submission_id,
            quarantined_rows.line_number,
            quarantined_rows.record_key,
            quarantined_rows.submitted_organisation_code,
            quarantined_rows.quarter,
            quarantined_rows.rule_id,
            {{ record_as_json('received', 'quarantined_rows.column_names') }} as record
        from quarantined_rows
        inner join {{ source('lake', feed) }} as received
            on
                quarantined_rows.submission_id = received._submission_id
                and quarantined_rows.line_number = received._line
        where quarantined_rows.feed = '{{ feed }}'
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
