with

submissions as (
    select submission_id from {{ ref('int_submissions') }}
),

-- Once a file and code, so that what is judged below are hundreds of codes and not the rows.
submitted as (
    {% for feed in periodic_feeds() + ['population'] -%}
        {%- set outer = loop -%}
        {% for code in code_columns(feed) -%}
            select distinct
                submission_id,
                {{ code }} as code,
                {{ 'true' if feed in prescribing_feeds() else 'false' }} as is_prescribing
            from {{ ref('stg_' ~ feed) }}
            {% if not (loop.last and outer.last) %}union all{% endif %}
        {% endfor %}
    {%- endfor %}
),

codes as (
    select
        submitted.code,
        bool_or(submitted.is_prescribing) as is_prescribing
    from submitted
    inner join submissions
        on submitted.submission_id = submissions.submission_id
    where submitted.code is not null
    group by submitted.code
),

-- Rulebook 2.6 and 2.7. What was three characters and became a number (5.00E+01) is of no form.
forms as (
    select
        code,
        case when length(code) = 5 then left(code, 3) end as trust_code,
        case
            when length(code) in (5, 7) and right(code, 2) = '00' then left(code, length(code) - 2)
        end as group_code,
        case
            when is_prescribing and {{ matches('code', "'^Q[0-9][0-9](00)?$'") }} then left(code, 3)
        end as area_team_code
    from codes
),

final as (
    select * from forms
    where trust_code is not null or group_code is not null or area_team_code is not null
)

select * from final
