{% macro unless_null_word(column, value) -%}
    {#- A value, unless the text that it comes from is as a whole a word for null (Rulebook 1.15). -#}
    case upper({{ column }})
        when 'NULL' then null
        when 'NA' then null
        when 'N/A' then null
        when '#N/A' then null
        when 'NAN' then null
        when 'NONE' then null
        else {{ value }}
    end
{%- endmacro %}


{% macro suppression_marks() -%}
    {#- Fields that as a whole stand for a number withheld, in small letters, as a list for SQL (Rulebook 1.15). -#}
    '*', '-', '.', '..', ':', 'c', 'x', '[c]', '[x]', '[z]'
{%- endmacro %}


{% macro given_text(column) -%}
    {#- A text as received; null where it is a word for null. -#}
    {{ unless_null_word(column, column) }}
{%- endmacro %}


{% macro pad_code(column, width) -%}
    {#- A code in capitals, with zeros on the left of one shorter than its width; lpad alone would cut longer ones. -#}
    case
        when length({{ column }}) < {{ width }} then lpad(upper({{ column }}), {{ width }}, '0')
        else upper({{ column }})
    end
{%- endmacro %}


{% macro accepted_code(column, code, accepted, spellings={}) -%}
    {#-
        A code where it is one of the accepted values, else null. First as it stands; then without regard to case,
        with blanks, hyphens and underscores alike, without the .0 that a table of numbers adds; then by the further
        spellings that the contract gives a value.
    -#}
    case
        when {{ is_one_of(code, "'" ~ accepted | join("', '") ~ "'") }} then {{ code }}
        else
            case regexp_replace(
                replace(replace(translate(upper({{ column }}), ' -–', '___'), '___', '_'), '__', '_'),
                '[.]0+$',
                ''
            )
                {%- for value in accepted -%}
                    {%- set forms = [value] + spellings.get(value, []) -%}
                    {%- if value.isdigit() and value.strip('0') -%}
                        {%- do forms.append(value.lstrip('0')) -%}
                    {%- endif -%}
                    {%- set written = [] -%}
                    {%- for form in forms -%}
                        {%- do written.append(form | upper | replace(' ', '_') | replace('-', '_')) -%}
                    {%- endfor -%}
                    {%- for form in written | unique %}
                when '{{ form }}' then '{{ value }}'
                    {%- endfor -%}
                {%- endfor %}
            end
    end
{%- endmacro %}


{% macro written_number(fraction, percent='') -%}
    {#-
        Pattern of a number as people write it: thousands in proper groups, pounds, a minus or brackets for what is
        negative. fraction: pattern of what may follow the whole part; percent: of what may follow that.
    -#}
    {%- set digits = '([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]{1,30})' ~ fraction -%}
    '^(([-+]?(£ ?)?|£[-+]){{ digits }}{{ percent }}|([(](£ ?)?|£[(]){{ digits }}({{ percent }}[)]|[)]{{ percent }}))$'
{%- endmacro %}


{% macro bare_number(column) -%}
    {#- A number as people write it without its signs; the minus stays. -#}
    translate({{ column }}, '£,()% ', '')
{%- endmacro %}


{% macro signed(column, number) -%}
    {#- A number with the sign that brackets give it; nought has none. -#}
    case when {{ column }} like '%(%' then 0 - {{ number }} else {{ number }} end
{%- endmacro %}


{% macro text_to_double(column, unit=none) -%}
    {#-
        A text as a number. A percentage is one only where the contract gives the column a unit for it: of a share it
        is divided by 100, of a percent its sign is dropped; elsewhere nobody knows what it would mean.
    -#}
    {%- set percent = '%?' if unit in ['share', 'percent'] else '' -%}
    case
        when {{ matches(column, "'^[-+]?([0-9]{1,30}[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$'") }}
            then try_cast({{ column }} as double)
        when {{ matches(column, written_number('([.][0-9]*)?', percent)) }}
            then {{ signed(column, 'try_cast(' ~ bare_number(column) ~ ' as double)') }}
            {%- if unit == 'share' %} / case when {{ column }} like '%!%%' escape '!' then 100 else 1 end{% endif %}
    end
{%- endmacro %}


{% macro text_to_integer(column) -%}
    {#- A text as a whole number: 54.0 and 1e3 are such, 54.5 is none. The plain case first: it is the cheap one. -#}
    case
        when cast(try_cast({{ column }} as bigint) as varchar(40)) = {{ column }}
            then try_cast({{ column }} as bigint)
        when {{ matches(column, written_number('([.]0*)?')) }}
            then {{ signed(column, 'try_cast(' ~ "regexp_replace(" ~ bare_number(column) ~ ", '[.]0*$', '')" ~ ' as bigint)') }}
        when try_cast({{ column }} as double) = floor(try_cast({{ column }} as double))
            then try_cast({{ text_to_double(column) }} as bigint)
    end
{%- endmacro %}


{% macro month_digits(name) -%}
    {#- The two digits of a month from the first three letters of its English name, in capitals. -#}
    substr('01 02 03 04 05 06 07 08 09 10 11 12', instr('JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC', {{ name }}), 2)
{%- endmacro %}


{% macro month_names() -%}
    {#- Pattern of the first three letters of the months, in capitals. -#}
    (JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)
{%- endmacro %}


{% macro text_to_date(column, dummy_dates=[]) -%}
    {#-
        The date in one of the forms of Rulebook 1.2; dummy dates are null (A04). ISO dates first: they are the cheap
        case, and only what is written the same way again is one.
    -#}
    {%- set time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?' -%}
    {%- set value -%}
    case
        when {{ column }} is null then null
        when {{ column }} like '____-__-__' and {{ column }} >= '0001' and {{ iso_text(column) }} = {{ column }}
            then {{ iso_date(column) }}
        when {{ matches(column, "'^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}[ T]" ~ time ~ "$'") }}
            then try_cast(substr({{ column }}, 1, 10) as date)
        when {{ matches(column, "'^[0-9]{1,2}/[0-9]{1,2}/[1-9][0-9]{3}$'") }}
            then try_cast(
                split_part({{ column }}, '/', 3) || '-' || lpad(split_part({{ column }}, '/', 2), 2, '0')
                || '-' || lpad(split_part({{ column }}, '/', 1), 2, '0') as date
            )
        when {{ matches(column, "'^[1-9][0-9]{7}$'") }}
            then try_cast(
                substr({{ column }}, 1, 4) || '-' || substr({{ column }}, 5, 2) || '-'
                || substr({{ column }}, 7, 2) as date
            )
        when {{ matches('upper(' ~ column ~ ')', "'^[0-9]{1,2}-" ~ month_names() ~ "-[1-9][0-9]{3}$'") }}
            then try_cast(
                split_part({{ column }}, '-', 3) || '-'
                || {{ month_digits('upper(split_part(' ~ column ~ ", '-', 2))") }}
                || '-' || lpad(split_part({{ column }}, '-', 1), 2, '0') as date
            )
    end
    {%- endset -%}
    {{ unless_dummy_date(value, dummy_dates) }}
{%- endmacro %}


{% macro unless_dummy_date(value, dummy_dates) -%}
    {#- A date, unless it is one of those that stand for a missing one. -#}
    {%- if dummy_dates -%}
        case when not {{ is_one_of(value, "date '" ~ dummy_dates | join("', date '") ~ "'") }} then {{ value }} end
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{% macro iso_date(column) %}
    {#- A text in the form YYYY-MM-DD as a date, null where the calendar has no such day. -#}
    {{ return(adapter.dispatch('iso_date', 'bcbv')(column)) }}
{% endmacro %}

{% macro duckdb__iso_date(column) -%}
    {#- Functions, unlike casts, are worked out once for each text of a column's dictionary. -#}
    cast(try_strptime({{ column }}, '%Y-%m-%d') as date)
{%- endmacro %}

{% macro spark__iso_date(column) -%}
    try_cast({{ column }} as date)
{%- endmacro %}


{% macro iso_text(column) %}
    {#- The date that iso_date makes of a text, written again. -#}
    {{ return(adapter.dispatch('iso_text', 'bcbv')(column)) }}
{% endmacro %}

{% macro duckdb__iso_text(column) -%}
    strftime(try_strptime({{ column }}, '%Y-%m-%d'), '%Y-%m-%d')
{%- endmacro %}

{% macro spark__iso_text(column) -%}
    cast(try_cast({{ column }} as date) as varchar(10))
{%- endmacro %}


{% macro digits_to_month(column) -%}
    {#- The first day of the month in YYYYMM or YYYY_MM. -#}
    try_cast(left({{ column }}, 4) || '-' || right({{ column }}, 2) || '-01' as date)
{%- endmacro %}


{% macro text_to_month(column) -%}
    {#-
        The first day of the month in one of the forms of Rulebook 1.2; of 'YYYYMM to YYYYMM', which are two ends of
        months, the later one where the other comes just before it; of a date its own. A year of two digits from 90
        on is of the last century.
    -#}
    {%- set digits = '[1-9][0-9]{3}_?[0-9]{2}' -%}
    {%- set ends = ['split_part(' ~ column ~ ", ' to ', 1)", 'split_part(' ~ column ~ ", ' to ', 2)"] -%}
    case
        when {{ column }} is null then null
        when {{ matches(column, "'^" ~ digits ~ "$'") }} then {{ digits_to_month(column) }}
        when {{ matches(column, "'^" ~ digits ~ ' to ' ~ digits ~ "$'") }}
            then case
                when {{ digits_to_month(ends[0]) }} + interval '1' month = {{ digits_to_month(ends[1]) }}
                    then {{ digits_to_month(ends[1]) }}
            end
        when {{ matches('upper(' ~ column ~ ')', "'^[1-9][0-9]{3}[- _]" ~ month_names() ~ "$'") }}
            then try_cast(
                left({{ column }}, 4) || '-' || {{ month_digits('upper(right(' ~ column ~ ', 3))') }}
                || '-01' as date
            )
        when {{ matches('upper(' ~ column ~ ')', "'^" ~ month_names() ~ "[- _]([1-9][0-9]{3}|[0-9]{2})$'") }}
            then try_cast(
                case
                    when length({{ column }}) = 8 then right({{ column }}, 4)
                    when right({{ column }}, 2) < '90' then '20' || right({{ column }}, 2)
                    else '19' || right({{ column }}, 2)
                end
                || '-' || {{ month_digits('upper(left(' ~ column ~ ', 3))') }} || '-01' as date
            )
        else cast(date_trunc('month', {{ text_to_date(column) }}) as date)
    end
{%- endmacro %}
