{% macro normal_distribution(x) -%}
    {#-
        Share of a standard normal distribution below x (a column), null where x is; no engine's own function, for
        DuckDB has none. Without a case, in which DuckDB works the same part out again wherever it stands.
    -#}
    (0.5 + sign({{ x }}) * (0.5 - {{ normal_tail(x) }}))
{%- endmacro %}


{% macro normal_tail(x) -%}
    {#-
        Share beyond |x|: a ratio of polynomials after J. F. Hart, Computer Approximations (1968), no. 5666, right to
        1e-14. Past 38 standard deviations a double holds nothing, and the powers of |x| are kept from overflowing.
    -#}
    {%- set magnitude = 'least(abs(' ~ x ~ '), 38.0)' -%}
    exp(-{{ magnitude }} * {{ magnitude }} / 2) * {{ polynomial(
        magnitude,
        [
            '220.206867912376', '221.213596169931', '112.079291497871', '33.912866078383',
            '6.37396220353165', '0.700383064443688', '0.0352624965998911',
        ]
    ) }} / {{ polynomial(
        magnitude,
        [
            '440.413735824752', '793.826512519948', '637.333633378831', '296.564248779674',
            '86.7807322029461', '16.064177579207', '1.75566716318264', '0.0883883476483184',
        ]
    ) }}
{%- endmacro %}


{% macro polynomial(x, coefficients) -%}
    {#- The sum of coefficients times powers of x, the constant first, without a power worked out (Horner). -#}
    {%- if coefficients | length == 1 -%}
        {{ coefficients[0] }}
    {%- else -%}
        ({{ coefficients[0] }} + {{ x }}
        * {{ polynomial(x, coefficients[1:]) }})
    {%- endif -%}
{%- endmacro %}
