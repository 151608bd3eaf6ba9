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
