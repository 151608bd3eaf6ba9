{% macro repeats(rows, same_care, record_key) %}
    {#-
        CTE repeats: the rows of care that repeat others, with is_repeated_care and is_repeated_key (Rulebook
        3.2: A01 and A03; O01 is the same of appointments). First the same care under two keys: the row
        received last stays, then the lowest key. Then, among what is left, a key used twice in one submission:
        the row received last stays, then the first line. Rows without a person, or without a key, repeat
        nothing.

        Few rows repeat anything: hashes find the candidates, and only these are sorted and compared. That two
        rows share a hash by chance makes them candidates and no more.

        rows: CTE with person_id, final_organisation_code, submission_id, submission_date and line_number.
        same_care: further columns that make it the same care. record_key: the record's key as a number.
    -#}
    {%- set care = ['person_id', 'final_organisation_code'] + same_care -%}
    hashed as (
        select
            submission_id,
            line_number,
            case when person_id is not null then {{ row_hash(care) }} end as care_hash,
            case
                when {{ record_key }} is not null then {{ row_hash(['submission_id', record_key]) }}
            end as key_hash
        from {{ rows }}
    ),

    shared_care as (
        select care_hash from hashed
        where care_hash is not null
        group by care_hash
        having count(*) > 1
    ),

    shared_keys as (
        select key_hash from hashed
        where key_hash is not null
        group by key_hash
        having count(*) > 1
    ),

    shared as (
        select
            hashed.submission_id,
            hashed.line_number
        from hashed
        left join shared_care
            on hashed.care_hash = shared_care.care_hash
        left join shared_keys
            on hashed.key_hash = shared_keys.key_hash
        where shared_care.care_hash is not null or shared_keys.key_hash is not null
    ),

    candidates as (
        select
            {{ rows }}.*,
            submissions.extract_date,
            submissions.file_name
        from {{ rows }}
        inner join shared
            on {{ rows }}.submission_id = shared.submission_id and {{ rows }}.line_number = shared.line_number
        inner join {{ ref('int_submissions') }} as submissions
            on {{ rows }}.submission_id = submissions.submission_id
    ),

    repeated_care as (
        select
            *,
            person_id is not null and row_number() over (
                partition by {{ care | join(', ') }}
                order by
                    submission_date desc nulls last, {{ record_key }} asc nulls last, extract_date desc,
                    file_name asc, line_number asc
            ) > 1 as is_repeated_care
        from candidates
    ),

    repeated_key as (
        select
            *,
            not is_repeated_care and {{ record_key }} is not null and row_number() over (
                partition by is_repeated_care, submission_id, {{ record_key }}
                order by submission_date desc nulls last, line_number asc
            ) > 1 as is_repeated_key
        from repeated_care
    ),

    repeats as (
        select
            submission_id,
            line_number,
            record_key,
            is_repeated_care,
            is_repeated_key
        from repeated_key
        where is_repeated_care or is_repeated_key
    )
{%- endmacro %}
