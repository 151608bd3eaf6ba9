-- Rulebook 10.7: of feeds of care no table of data quality shows a row with a count of records, or
-- a rest, of 1 to 7; what it shows is the warehouse's to the nearest 5. Else nothing is hidden.
{% set of_a_file = [
    'n_lines', 'n_rejected', 'n_landed', 'n_superseded', 'n_quarantined', 'n_in_use', 'n_a01',
    'n_a03', 'n_a06', 'n_d01', 'n_f01', 'n_o01', 'n_org', 'n_p02', 'n_t01',
] -%}
{% set of_landing = [
    'row_count', 'reject_count', 'invalid_count', 'suppressed_count', 'missing_count',
    'repeated_key_count', 'unknown_organisation_row_count',
] -%}
{% set of_a_field = ['n_records', 'n_valid', 'n_default', 'n_invalid', 'n_missing'] -%}
{% set tables = [
    ('dq_rule_results', ['rule_id', 'organisation_code', 'feed', 'quarter'],
        ['n_checked', 'n_failed'], ['mart.n_checked - mart.n_failed']),
    ('dq_field_quality', ['organisation_code', 'feed', 'quarter', 'field'], of_a_field, []),
    ('dq_submission_status', ['organisation_code', 'feed', 'quarter'], ['n_records'], []),
    ('dq_submissions', ['submission_id'], of_a_file, []),
    ('dim_submission', ['submission_id'], of_landing, ['mart.row_count - mart.reject_count']),
] -%}
with

counts as (
    {% for table, key, counts, rests in tables -%}
        {%- set parts = [] -%}
        {%- for count in counts -%}
            {%- do parts.append(('mart.' ~ count, 'shown.' ~ count)) -%}
        {%- endfor -%}
        {%- for rest in rests -%}
            {%- do parts.append((rest, rest | replace('mart.', 'shown.'))) -%}
        {%- endfor -%}
        {%- set table_loop = loop -%}
        {% for in_the_warehouse, as_shown in parts -%}
            select
                '{{ table }}' as published_table,
                concat_ws(' ', mart.{{ key | join(', mart.') }}) as published_row,
                mart.feed like 'hes%'
                {%- if table == 'dq_rule_results' %}
                    and mart.rule_id not in ('FOLLOWUP', 'V01', 'V03')
                {%- endif %} as is_of_patients,
                shown.disclosure_status,
                {{ in_the_warehouse }} as n_there,
                {{ as_shown }} as n_shown,
                {{ loop.index > counts | length }} as is_a_rest
            from {{ ref(table) }} as mart
            left join {{ ref('pub_' ~ table) }} as shown
                on
                    {% for part in key -%}
                        mart.{{ part }} = shown.{{ part }}
                        {%- if not loop.last %} and{% endif %}
                    {% endfor %}
            {% if not (loop.last and table_loop.last) %}union all{% endif %}
        {% endfor -%}
    {% endfor %}
),

rows_of_counts as (
    select
        published_table,
        published_row,
        is_of_patients,
        disclosure_status,
        bool_or(is_of_patients and n_there in (1, 2, 3, 4, 5, 6, 7)) as has_small_count,
        bool_or((n_there is null) <> (n_shown is null)) as is_lost,
        bool_or(
            not is_a_rest
            and case
                when is_of_patients then n_shown % 5 <> 0 or abs(n_shown - n_there) > 2
                else n_shown <> n_there
            end
        ) as is_another
    from counts
    group by published_table, published_row, is_of_patients, disclosure_status
),

final as (
    select *
    from rows_of_counts
    where
        disclosure_status is distinct from
        case when has_small_count then 'suppressed' else 'shown' end
        or (disclosure_status = 'shown' and (is_lost or is_another))
)

select * from final
