{% macro given_text(column) -%}
    {#- A text as received; null where the whole field is a word for null, in any case of letters. -#}
    case
        when upper({{ column }}) in ('NULL', 'N/A', '#N/A', 'NA', 'NAN', 'NONE') then null
        else {{ column }}
    end
{%- endmacro %}


{% macro pad_code(column, width) %}
    {#- Zeros on the left of a code shorter than its width; lpad alone would cut longer ones. -#}
    case
        when length({{ column }}) < {{ width }} then lpad(upper({{ column }}), {{ width }}, '0')
        else upper({{ column }})
    end
{%- endmacro %}


{% macro text_to_double(column) %}
    {#- 'NaN' and 'inf' cast to doubles on both engines but are no numbers of ours. -#}
    case
        when not lower({{ column }}) like '%n%' then try_cast({{ column }} as double)
    end
{%- endmacro %}


{% macro text_to_integer(column) %}
    {#- '54.0' is an integer in published files; '54.5' is not one and becomes null. -#}
    case
        when {{ text_to_double(column) }} = floor({{ text_to_double(column) }})
            then coalesce(
                try_cast({{ column }} as bigint), try_cast(try_cast({{ column }} as double) as bigint)
            )
    end
{%- endmacro %}


{% macro text_to_date(column, dummy_dates=[]) %}
    {#- YYYY-MM-DD, YYYY-MM-DD 00:00:00 or DD/MM/YYYY, nothing else; dummy dates are null (A04). -#}
    {{ 'nullif(' * dummy_dates | length -}}
    case
        when {{ column }} like '____-__-__' then try_cast({{ column }} as date)
        when {{ column }} like '____-__-__ 00:00:00'
            then try_cast(substr({{ column }}, 1, 10) as date)
        when {{ column }} like '__/__/____'
            then try_cast(
                substr({{ column }}, 7, 4) || '-' || substr({{ column }}, 4, 2) || '-'
                || substr({{ column }}, 1, 2) as date
            )
    end
    {%- for dummy_date in dummy_dates %}, date '{{ dummy_date }}'){% endfor -%}
{%- endmacro %}


{% macro text_to_month(column) %}
    {#- The first day of the month in YYYYMM or YYYY_MM; of 'YYYYMM to YYYYMM' the later month. -#}
    {%- set digits = "right(replace(" ~ column ~ ", '_', ''), 6)" -%}
    case
        when length({{ column }}) in (6, 7) or {{ column }} like '______ to ______'
            then try_cast(
                substr({{ digits }}, 1, 4) || '-' || substr({{ digits }}, 5, 2) || '-01' as date
            )
    end
{%- endmacro %}
