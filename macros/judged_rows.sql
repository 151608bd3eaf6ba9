{% macro row_identity(feed) %}
    {#-
        Select list of what a feed's contract says of a row: the date that places it (row_date), the codes of its
        organisation and commissioner as submitted, and the latest of its dates that cannot lie after the extract
        (last_event_date).
    -#}
    {%- if execute -%}
        {%- set meta = feed_contract(feed).config.meta -%}
        {%- set names = {} -%}
        {%- for role in ['row_date', 'commissioner_columns', 'not_after_extract'] -%}
            {%- set columns = [] -%}
            {%- for column in meta.get(role, []) %}{% do columns.append(staged_name(feed, column)) %}{% endfor -%}
            {%- do names.update({role: columns}) -%}
        {%- endfor -%}
        {{ first_of(names.row_date, 'date') }} as row_date,
        {{ staged_name(feed, meta.organisation_column) }} as submitted_organisation_code,
        {{ first_of(names.commissioner_columns, 'varchar') }} as submitted_commissioner_code,
        {{ latest_of(names.not_after_extract) }} as last_event_date
    {%- endif -%}
{% endmacro %}


{% macro first_of(columns, type) -%}
    {#- The first of some columns that is given; null of no columns. -#}
    {%- if columns | length > 1 -%}
        coalesce({{ columns | join(', ') }})
    {%- else -%}
        {{ columns[0] if columns else 'cast(null as ' ~ type ~ ')' }}
    {%- endif -%}
{%- endmacro %}


{% macro latest_of(columns) -%}
    {#- The latest of some dates, those that are null left out; null of no columns. -#}
    {%- if columns | length > 1 -%}
        greatest({{ columns | join(', ') }})
    {%- else -%}
        {{ first_of(columns, 'date') }}
    {%- endif -%}
{%- endmacro %}


{% macro judged_rows(rows) %}
    {#-
        CTE judged_rows: rows of submissions with the quarter that they belong to, the rule that quarantines them
        before use (A06, then ORG; null: none) and whether they count. int_submission_days has every day on which
        a submission can have rows, so that a date that it has not lies outside the declared period.

        rows: CTE with the columns of row_identity and submission_id.
    -#}
    judged_rows as (
        select
            {{ rows }}.*,
            submission_days.quarter,
            case
                when submission_days.submission_id is null then 'A06'
                when {{ rows }}.last_event_date > submissions.extract_date then 'A06'
                when organisation_codes.code is null then 'ORG'
            end as quarantine_rule,
            quarantine_rule is null and submission_days.is_effective as is_effective
        from {{ rows }}
        inner join {{ ref('int_submissions') }} as submissions
            on {{ rows }}.submission_id = submissions.submission_id
        left join {{ ref('int_submission_days') }} as submission_days
            on
                {{ rows }}.submission_id = submission_days.submission_id
                and {{ rows }}.row_date is not distinct from submission_days.row_date
        left join {{ ref('int_organisation_codes') }} as organisation_codes
            on {{ rows }}.submitted_organisation_code = organisation_codes.code
    )
{%- endmacro %}
