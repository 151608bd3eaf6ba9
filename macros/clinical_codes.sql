{% macro normalise_icd10(column) %}
    {#-
        ICD-10 without dot; three-character categories padded with X; dagger, asterisk and other marks after
        the code cut off: five characters where the fourth and fifth are digits, else four (Rulebook 5.24).
    -#}
    {%- set code = "replace(" ~ column ~ ", '.', '')" -%}
    case
        when length({{ code }}) = 3 then {{ code }} || 'X'
        when
            substr({{ code }}, 4, 1) between '0' and '9' and substr({{ code }}, 5, 1) between '0' and '9'
            then left({{ code }}, 5)
        else left({{ code }}, 4)
    end
{%- endmacro %}


{% macro normalise_opcs4(column) -%}
    {#- OPCS-4 as four characters without dot; - is no operation, & not known (Rulebook 5.24). -#}
    replace({{ column }}, '.', '')
{%- endmacro %}


{% macro age_in_years(start_age) %}
    {#- STARTAGE in whole years; 7001 to 7007 is under one year; null, 999 or over 120 is unknown (Rulebook 3.6). -#}
    case
        when {{ start_age }} between 7001 and 7007 then 0
        when {{ start_age }} between 0 and 120 then {{ start_age }}
    end
{%- endmacro %}


{% macro casemix_age_band(age) %}
    {#- Age bands of the fallback casemix cells (Rulebook 5.1). -#}
    case
        when {{ age }} is null then 'unknown'
        when {{ age }} < 18 then '0-17'
        when {{ age }} < 65 then '18-64'
        when {{ age }} < 80 then '65-79'
        else '80+'
    end
{%- endmacro %}


{% macro secondary_diagnoses() %}
    {#- The normalised diagnoses of an episode in positions 2 to 20. -#}
    {%- set codes = [] -%}
    {%- for position in range(2, 21) -%}
        {%- do codes.append(normalise_icd10('diagnosis_%02d' | format(position)) | trim) -%}
    {%- endfor -%}
    {{ return(codes) }}
{% endmacro %}


{% macro further_procedures() %}
    {#- The normalised procedures of an episode in positions 2 to 24. -#}
    {%- set codes = [] -%}
    {%- for position in range(2, 25) -%}
        {%- do codes.append(normalise_opcs4('procedure_%02d' | format(position)) | trim) -%}
    {%- endfor -%}
    {{ return(codes) }}
{% endmacro %}


{% macro population_age_band(age) %}
    {#- The eighteen age bands of the population feed: 0-4 to 80-84, then 85+. -#}
    case
        when {{ age }} >= 85 then '85+'
        else cast(5 * floor({{ age }} / 5) as integer) || '-' || cast(5 * floor({{ age }} / 5) + 4 as integer)
    end
{%- endmacro %}
