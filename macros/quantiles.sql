{% macro value_at_place(value, place, wanted_place) -%}
    {#-
        The value at a place among others in order, numbered from nought, by a straight line between the neighbours
        as percentile_cont, which takes constants only; an aggregate. wanted_place is the same on every row.
    -#}
    max({{ value }}) filter (where {{ place }} = floor({{ wanted_place }}))
    * (1 - max({{ wanted_place }} - floor({{ wanted_place }})))
    + max({{ value }}) filter (where {{ place }} = ceil({{ wanted_place }}))
    * max({{ wanted_place }} - floor({{ wanted_place }}))
{%- endmacro %}
