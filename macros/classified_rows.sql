{% macro coalesced(columns) -%}
    {#- The first of some columns that is given; null of no columns. -#}
    {%- if columns | length > 1 -%}
        coalesce({{ columns | join(', ') }})
    {%- elif columns -%}
        {{ columns[0] }}
    {%- else -%}
        cast(null as varchar)
    {%- endif -%}
{%- endmacro %}


{% macro classified_rows(feed) %}
    {#-
        Every row of a periodic feed's submissions, with the rule that quarantines it (A06 or ORG, null: none)
        and whether it counts: its month is one for which its submission is the effective one. The columns that
        date a row and name its organisation are the contract's.
    -#}
    {%- set staging = ref('stg_' ~ feed) -%}
    {%- set submissions = ref('int_submissions') -%}
    {%- set submission_months = ref('int_submission_months') -%}
    {%- set organisation_codes = ref('int_organisation_codes') -%}
    {%- if execute -%}
        {%- set meta = feed_contract(feed).config.meta -%}
        {%- set organisation = staged_name(feed, meta.organisation_column) -%}
        {%- set row_dates = [] -%}
        {%- for column in meta.row_date %}{% do row_dates.append(staged_name(feed, column)) %}{% endfor -%}
        {%- set bounded_dates = [] -%}
        {%- for column in meta.get('not_after_extract', []) %}{% do bounded_dates.append(staged_name(feed, column)) %}{% endfor -%}
        {%- set commissioners = [] -%}
        {%- for column in meta.get('commissioner_columns', []) %}{% do commissioners.append(staged_name(feed, column)) %}{% endfor -%}
        {%- set record_key = [] -%}
        {%- for column in meta.record_key %}{% do record_key.append("coalesce(cast(" ~ staged_name(feed, column) ~ " as varchar), '')") %}{% endfor -%}
    {%- endif -%}
with

staged as (
    select * from {{ staging }}
),

submissions as (
    select submission_id, file_name, extract_date, period_start_date, period_end_date from {{ submissions }}
),

effective_months as (
    select submission_id, month_start_date from {{ submission_months }}
    where is_effective
),

organisation_codes as (
    select code from {{ organisation_codes }}
),

dated as (
    select
        staged.*,
        submissions.file_name,
        submissions.extract_date,
        submissions.period_start_date,
        submissions.period_end_date,
        {{ coalesced(row_dates) }} as row_date,
        {{ organisation }} as submitted_organisation_code,
        {{ coalesced(commissioners) }} as submitted_commissioner_code,
        {{ record_key | join(" || '|' || ") }} as record_key
    from staged
    inner join submissions
        on staged.submission_id = submissions.submission_id
),

judged as (
    select
        *,
        case
            when row_date < period_start_date or row_date > period_end_date then 'A06'
            {% for column in bounded_dates -%}
                when {{ column }} > extract_date then 'A06'
            {% endfor -%}
            when
                submitted_organisation_code is null
                or submitted_organisation_code not in (select code from organisation_codes)
                then 'ORG'
        end as quarantine_rule
    from dated
),

-- A row without a date belongs to no month; it counts while its submission counts for any.
final as (
    select
        judged.*,
        {{ nhs_quarter('judged.row_date') }} as quarter,
        judged.quarantine_rule is null and effective_months.submission_id is not null as is_effective
    from judged
    left join (
        select submission_id, month_start_date from effective_months
        union all
        select distinct submission_id, cast(null as date) as month_start_date from effective_months
    ) as effective_months
        on judged.submission_id = effective_months.submission_id
        and {{ month_start('judged.row_date') }} is not distinct from effective_months.month_start_date
)

select * from final
{%- endmacro %}
