{% macro marked_repeats(rows, same_care, record_key, is_judged='true') %}
    {#-
        CTEs repeated_care and repeated_key, which add is_repeated_care and is_repeated_key to rows of care
        (interfaces 5.3.2: A01 and A03; O01 is the same of appointments). First the same care under two keys:
        the row received last stays, then the lowest key. Then, among what is left, a key used twice in one
        submission: the row received last stays, then the first line. Rows without a person, or without a key,
        repeat nothing.

        rows: CTE with person_id, final_organisation_code, submission_id, submission_date, extract_date,
        file_name and line_number. same_care: further columns that make it the same care. record_key: the
        record's key as a number. is_judged: which rows can repeat others at all.
    -#}
    repeated_care as (
        select
            *,
            {{ is_judged }} and person_id is not null and row_number() over (
                partition by {{ is_judged }}, person_id, final_organisation_code, {{ same_care | join(', ') }}
                order by
                    submission_date desc nulls last, {{ record_key }} asc nulls last, extract_date desc,
                    file_name asc, line_number asc
            ) > 1 as is_repeated_care
        from {{ rows }}
    ),

    repeated_key as (
        select
            *,
            {{ is_judged }} and not is_repeated_care and {{ record_key }} is not null and row_number() over (
                partition by {{ is_judged }} and not is_repeated_care, submission_id, {{ record_key }}
                order by submission_date desc nulls last, line_number asc
            ) > 1 as is_repeated_key
        from repeated_care
    )
{%- endmacro %}
