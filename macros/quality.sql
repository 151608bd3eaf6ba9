{% macro result_outcome(is_unusable, is_submitted, outcome) -%}
    {#- Order of precedence of the outcomes of a rule (Rulebook 8.3). What is unusable has rows, and none to submit. -#}
    case
        when {{ is_unusable }} then 'unusable'
        when not {{ is_submitted }} then 'not_submitted'
        else coalesce({{ outcome }}, 'not_evaluated')
    end
{%- endmacro %}


{% macro rule_outcome(is_red, is_amber='false') -%}
    {#- The outcome of a rule from its two conditions; the worse one wins, unknown is green. -#}
    case
        when {{ is_red }} then 'red'
        when {{ is_amber }} then 'amber'
        else 'green'
    end
{%- endmacro %}


{% macro judged_once(outcome) -%}
    {#- n_checked and n_failed of a rule that judges a quarter as one: it fails where it is not green. -#}
    cast(1 as bigint) as n_checked,
    cast(case when {{ outcome }} = 'green' then 0 else 1 end as bigint) as n_failed
{%- endmacro %}


{% macro publication_status(is_unusable, is_submitted, is_applicable, has_red, has_amber) -%}
    {#- Order of precedence of the statuses (Rulebook 6.5). What is unusable has rows, and none to submit. -#}
    case
        when {{ is_unusable }} then 'unusable'
        when not {{ is_submitted }} then 'not_submitted'
        when not {{ is_applicable }} then 'not_applicable'
        when {{ has_red }} then 'withheld'
        when {{ has_amber }} then 'caveat'
        else 'published'
    end
{%- endmacro %}


{% macro has_dummy_date(feed, columns) -%}
    {#-
        Whether one of a feed's columns of dates, read by read_fields, has a dummy date (A04), which its typed column
        leaves null; never null.
    -#}
    {%- if execute -%}
        {%- set dummy_dates = feed_contract(feed).config.meta.dummy_dates -%}
    (
        {%- for name in columns %}
        coalesce({{ is_one_of('read_' ~ name, "date '" ~ dummy_dates | join("', date '") ~ "'") }}, false)
        {%- if not loop.last %} or{% endif %}
        {%- endfor %}
    )
    {%- else -%}
    false
    {%- endif -%}
{%- endmacro %}


{% macro is_no_specialty(treatment_function) -%}
    {#- Whether a treatment function is missing or not three digits (A15); never null. -#}
    not coalesce({{ matches(treatment_function, "'^[0-9]{3}$'") }}, false)
{%- endmacro %}


{% macro rated_rules(counted, feed=none) %}
    {#-
        CTEs rules, feed_bounds, bounds, rated and final: the outcome of rules that bound a share, by the bounds of the
        catalogue, of the feed where it has its own. A rule that flags, or takes rows out, is amber for many rows only
        (Rulebook 6.42), unless its bound is nought. counted: CTE with rule_id, organisation_code, quarter, n_checked
        and n_failed, and feed where not all are of one. Rules of other feeds, and what looked at nothing, fall out.
    -#}
    rules as (
        select
            rule_id,
            treatment,
            amber_over,
            red_over,
            {{ explode_list('feeds') }} as feed
        from {{ ref('dq_rules') }}
    ),

    feed_bounds as (
        select
            rule_id,
            feed,
            amber_over,
            red_over
        from {{ ref('dq_rule_bounds') }}
    ),

    bounds as (
        select
            rules.rule_id,
            rules.feed,
            rules.treatment in ('flag', 'quarantine') as takes_many_rows,
            coalesce(feed_bounds.amber_over, rules.amber_over) as amber_over,
            coalesce(feed_bounds.red_over, rules.red_over) as red_over
        from rules
        left join feed_bounds
            on rules.rule_id = feed_bounds.rule_id and rules.feed = feed_bounds.feed
    ),

    rated as (
        select
            rule_id,
            organisation_code,
            {{ "'" ~ feed ~ "' as feed" if feed else 'feed' }},
            quarter,
            cast(n_checked as bigint) as n_checked,
            cast(n_failed as bigint) as n_failed,
            cast(n_failed as double) / n_checked as rate
        from {{ counted }}
        where n_checked > 0
    ),

    final as (
        select
            rated.rule_id,
            rated.organisation_code,
            rated.feed,
            rated.quarter,
            rated.n_checked,
            rated.n_failed,
            rated.rate,
            {{ rule_outcome(
                'rated.rate > bounds.red_over',
                'rated.rate > bounds.amber_over and (not bounds.takes_many_rows or bounds.amber_over = 0'
                ' or rated.n_failed >= ' ~ parameter('flag_min_rows')
                ~ ' or (rated.n_checked < ' ~ parameter('flag_few_rows')
                ~ ' and rated.rate >= ' ~ parameter('flag_share_of_few') ~ '))'
            ) }} as outcome
        from rated
        inner join bounds
            on rated.rule_id = bounds.rule_id and rated.feed = bounds.feed
    )
{%- endmacro %}


{% macro shown_feeds() %}
    {#-
        CTEs subjects, subject_quarters and shown_feeds: under which feed (shown_feed) the rows of a feed stand for an
        organisation and quarter. A published and a local format of one quarter are judged as one (Rulebook 6.1).
    -#}
    subjects as (
        select
            feed,
            subject
        from {{ ref('int_feeds') }}
    ),

    subject_quarters as (
        select
            subject,
            organisation_code,
            quarter,
            feed
        from {{ ref('int_subject_quarters') }}
    ),

    shown_feeds as (
        select
            subjects.feed,
            subject_quarters.organisation_code,
            subject_quarters.quarter,
            subject_quarters.feed as shown_feed
        from subject_quarters
        inner join subjects
            on subject_quarters.subject = subjects.subject
    )
{%- endmacro %}


{% macro submission_columns(column_names) %}
    {#-
        CTE submission_columns: whether files have columns that need not be sent (has_<column>), by the
        profile of each submission.
    -#}
    submission_columns as (
        select
            profiles.submission_id
            {%- for column_name in column_names %},
            bool_or(profiles.column_name = '{{ column_name }}') as has_{{ column_name }}
            {%- endfor %}
        from {{ ref('stg_submission_profiles') }} as profiles
        where
            profiles.organisation_code is null
            and profiles.column_name in ('{{ column_names | join("', '") }}')
        group by profiles.submission_id
    )
{%- endmacro %}


{% macro faults_of_episodes() %}
    {#-
        What makes an episode fail, by rule, of the relation episodes (int_episodes), to which unknown_consultants is
        joined. Rules count by these conditions, and drafts show the lines that they are true of.
    -#}
    {{ return({
        'A04': 'episodes.has_dummy_date',
        'A05': is_dated_episode() ~ ' and (episodes.episode_end_date < episodes.episode_start_date'
            ~ ' or episodes.episode_start_date < episodes.admission_date'
            ~ ' or episodes.discharge_date < episodes.admission_date)',
        'A07': 'episodes.is_admission_date_imputed',
        'A08': "episodes.episode_status is distinct from '3'",
        'A14': 'episodes.consultant_code is null or unknown_consultants.consultant_code is not null',
        'A15': is_no_specialty('episodes.treatment_function'),
        'A16': 'episodes.age is null or episodes.sex is null',
    }) }}
{% endmacro %}


{% macro is_dated_episode() -%}
    {#- Whether an episode is finished and has the dates that A05 puts in order; may be null. -#}
    episodes.episode_status = '3' and episodes.episode_start_date is not null
        and episodes.episode_end_date is not null and episodes.admission_date is not null
{%- endmacro %}


{% macro is_without_diagnosis() -%}
    {#- Whether an episode's primary diagnosis is none (A12), by relation unknown_diagnoses; never null. -#}
    coalesce(
        left(episodes.primary_diagnosis, 3)
        between unknown_diagnoses.first_category and unknown_diagnoses.last_category
        or not {{ matches('episodes.primary_diagnosis', "'^[A-Z][0-9]'") }},
        true
    )
{%- endmacro %}


{% macro faults_of_appointments() %}
    {#- What makes an appointment fail, by rule, of the relation appointments (int_appointments). -#}
    {{ return({
        'A15': is_no_specialty('appointments.treatment_function'),
        'A16': 'appointments.age is null or appointments.sex is null',
        'O02': 'not appointments.is_duplicate and appointments.is_without_outcome',
        'O03': 'not appointments.is_duplicate and appointments.is_without_attendance',
        'O04': 'not appointments.is_duplicate and appointments.is_without_source',
    }) }}
{% endmacro %}


{% macro counts_of_faults(faults) -%}
    {#- Select list of how many rows fail by each rule (n_<rule>). faults: conditions by rule. -#}
    {%- for rule_id, fault in faults.items() %}
        count(*) filter (where {{ fault }}) as n_{{ rule_id | lower }}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}


{% macro failing_rules(faults) -%}
    {#- The rules by which a row fails, ;-separated; empty where it fails by none. faults: conditions by rule. -#}
    concat_ws(
        ';'
        {%- for rule_id, fault in faults.items() %},
        case when {{ fault }} then '{{ rule_id }}' end
        {%- endfor %}
    )
{%- endmacro %}
