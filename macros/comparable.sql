{% macro comparable(value) -%}
    {#-
        A figure as it is held against another: sums of doubles differ in their last digits with the order of
        the rows, and a tie must stay a tie, and a threshold a threshold, from run to run. Nothing published
        is rounded.
    -#}
    round({{ value }}, 10)
{%- endmacro %}
