{% macro row_identity(feed) %}
    {#-
        Select list of what a feed's contract says of a row: the date that places it (row_date), the codes of its
        organisation and commissioner as submitted, and the latest of its dates that cannot lie after the extract
        (last_event_date). A hyphen names nobody but in prescribing (Rulebook 2.7); there a practice that is not
        identified names its group (CTE groups). In feeds other than care also what rows share that may say the same
        (likeness).
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
        {% if feed in prescribing_feeds() -%}
            coalesce(groups.group_code, {{ staged_name(feed, meta.organisation_column) }})
        {%- else -%}
            nullif({{ staged_name(feed, meta.organisation_column) }}, '-')
        {%- endif %} as submitted_organisation_code,
        nullif({{ first_of(names.commissioner_columns, 'varchar') }}, '-') as submitted_commissioner_code,
        {{ latest_of(names.not_after_extract) }} as last_event_date
        {%- if feed in monthly_feeds() -%}
            ,
        {{ likeness(feed) }} as likeness
        {%- endif -%}
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
        before use (A06, of what counts ORG; null: none) and whether they count. int_submission_days has every day on
        which a submission can have rows, so that a date that it has not lies outside the declared period.

        rows: CTE with the columns of row_identity and submission_id.
    -#}
    judged_rows as (
        select
            {{ rows }}.*,
            submission_days.quarter,
            case
                when submission_days.submission_id is null then 'A06'
                when {{ rows }}.last_event_date > submissions.extract_date then 'A06'
                when organisation_codes.code is null and submission_days.is_effective then 'ORG'
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


{% macro monthly_feeds() %}
    {#- Periodic feeds whose rows are figures of an organisation's month, not records of care. -#}
    {%- set feeds = [] -%}
    {%- for feed in periodic_feeds() if "'" ~ feed ~ "'" not in activity_feeds() -%}
        {%- do feeds.append(feed) -%}
    {%- endfor -%}
    {{ return(feeds) }}
{% endmacro %}


{% macro placed_rows(rows, rule_id=none, fails=none) %}
    {#-
        CTEs feed_months, repeated_rows and placed_rows: rows of monthly feeds that count, with the organisation that
        they are of in their own month's quarter, the rule that quarantines them (D01, T01, then the feed's own;
        null: none), whether another row of their submission contradicts them (D02), and whether a local return of
        the month sets them aside.

        rows: CTE with feed, submission_id, line_number, submitted_organisation_code and month_start_date.
        rule_id, fails: the feed's own rule, and the condition on a row that it quarantines.
    -#}
    feed_months as (
        select
            feed,
            submitted_organisation_code,
            month_start_date,
            organisation_code,
            is_set_aside
        from {{ ref('int_feed_months') }}
        where quarters_back = 0
    ),

    repeated_rows as (
        select
            submission_id,
            line_number,
            quarantine_rule,
            is_conflicting
        from {{ ref('int_repeated_rows') }}
    ),

    placed_rows as (
        select
            {{ rows }}.*,
            feed_months.organisation_code,
            {% if rule_id -%}
                coalesce(
                    repeated_rows.quarantine_rule, case when {{ fails }} then '{{ rule_id }}' end
                ) as quarantine_rule,
            {%- else -%}
                repeated_rows.quarantine_rule,
            {%- endif %}
            coalesce(repeated_rows.is_conflicting, false) as is_conflicting,
            coalesce(feed_months.is_set_aside, false) as is_set_aside
        from {{ rows }}
        left join feed_months
            on
                {{ rows }}.feed = feed_months.feed
                and {{ rows }}.submitted_organisation_code = feed_months.submitted_organisation_code
                and {{ rows }}.month_start_date = feed_months.month_start_date
        left join repeated_rows
            on
                {{ rows }}.submission_id = repeated_rows.submission_id
                and {{ rows }}.line_number = repeated_rows.line_number
    )
{%- endmacro %}


{% macro plain_label(label) -%}
    {#- A label as it is compared, like a code: capitals, blanks, hyphens and underscores are alike. -#}
    replace(replace(translate(upper({{ label }}), ' -–', '___'), '___', '_'), '__', '_')
{%- endmacro %}


{% macro summed_feeds() %}
    {#- Feeds in which rows of one record key with different figures add up (Rulebook 5.7 and 6.40). -#}
    {{ return(['epact', 'epd', 'population']) }}
{% endmacro %}


{% macro likeness(feed) %}
    {#-
        A number that rows share that are to be compared: those of one record key; where rows of a key add up, of one
        organisation and with the same measures too, since only such can be alike. Others may share it by chance. It is
        made of the staged columns: a hash of the key as one text costs more and is shared by far too many.
    -#}
    {%- set contract = feed_contract(feed) -%}
    {%- set columns = [] -%}
    {%- for column in contract.config.meta.record_key -%}
        {%- do columns.append(staged_name(feed, column)) -%}
    {%- endfor -%}
    {%- if feed in summed_feeds() -%}
        {%- do columns.append(staged_name(feed, contract.config.meta.organisation_column)) -%}
        {%- for column in contract.columns.values() if column.config.meta.measure -%}
            {%- do columns.append(staged_name(feed, column.name)) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(row_hash(columns)) }}
{% endmacro %}
