{% macro rounded_to(value, multiple) -%}
    {#-
        A figure to the nearest multiple, halves away from nought, so that what is saved and what is spent read alike
        (Rulebook 10.4). Null stays null. Nought is added because what rounds up to it would be printed as -0.0.
    -#}
    (0.0 + {{ multiple }} * round({{ comparable('(' ~ value ~ ') / ' ~ multiple) }}))
{%- endmacro %}


{% macro rounded_count(count) -%}
    {#- A count, also of pounds or days, as a public release shows it: to the nearest 5 (Rulebook 10.4). -#}
    {{ rounded_to(count, parameter('count_rounding')) }}
{%- endmacro %}


{% macro rounded_pounds(pounds) -%}
    {#- Pounds of an organisation or of a part of one, to the nearest £1,000 (Rulebook 10.4). -#}
    {{ rounded_to(pounds, parameter('pounds_rounding')) }}
{%- endmacro %}


{% macro rounded_value(value, decimals) -%}
    {#-
        A figure to so many decimals, halves away from nought. It is multiplied before it is rounded: 1.005, as a
        double, is less than that, and 100.5 is not. decimals: a number, or a column such as value_decimals.
    -#}
    (0.0 + round({{ comparable('(' ~ value ~ ') * power(10.0, ' ~ decimals ~ ')') }}) / power(10.0, {{ decimals }}))
{%- endmacro %}


{% macro is_small_count(count) -%}
    {#-
        Whether a count, as the nearest whole, is 1 to small_count, so that it may tell of a patient (Rulebook 10.1);
        never null.
    -#}
    coalesce(round({{ comparable(count) }}) between 1 and {{ parameter('small_count') }}, false)
{%- endmacro %}


{% macro crude_decimals() -%}
    {#-
        Decimals of a crude value, by the registry: days of a case 1; cases of a resident 4, which is 1 per 1,000
        residents; other ratios as proportions (Rulebook 10.4).
    -#}
    case
        when interval_method = 'casemix_mean' then 1
        when value_scale = 1000 or short_name in ({{ resident_indicators() }}) then 4
        else 3
    end
{%- endmacro %}


{% macro has_small_count(counts) -%}
    {#- Whether one of several counts may tell of a patient; never null (Rulebook 10.1). -#}
    (
        {%- for count in counts %}
        {% if not loop.first %}or {% endif %}{{ is_small_count(count) }}
        {%- endfor %}
    )
{%- endmacro %}


{% macro patients_counts(counts) -%}
    {#-
        Counts of a row of data quality, each under its name: none where the row is hidden, else of patients to the
        nearest 5, of anything else as they are (Rulebook 10.7). Needs columns is_of_patients and is_hidden.
    -#}
    {%- for count in counts %}
        {% if not loop.first %},{% endif %}
        case
            when is_hidden then null
            when is_of_patients then cast({{ rounded_count(count) }} as bigint)
            else {{ count }}
        end as {{ count }}
    {%- endfor %}
{%- endmacro %}


{% macro patients_share(share) -%}
    {#-
        A share of data quality: none where the row is hidden, else of patients to 3 decimals, of anything else as it
        is (Rulebook 10.7). Needs columns is_of_patients and is_hidden.
    -#}
    case
        when is_hidden then null
        when is_of_patients then {{ rounded_value(share, 3) }}
        else {{ share }}
    end
{%- endmacro %}


{% macro status_of_hidden() -%}
    {#- The disclosure status by a column is_hidden. -#}
    case when is_hidden then 'suppressed' else 'shown' end
{%- endmacro %}


{% macro status_or_suppressed() -%}
    {#- What is said of an indicator in a row of many, which has no disclosure status of its own. -#}
    case when disclosure_status = 'suppressed' then 'suppressed' else publication_status end
{%- endmacro %}
