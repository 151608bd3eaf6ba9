{% macro differs(found, wanted) -%}
    {#-
        Whether a figure is not the one that was worked out again: further off than sums of doubles are by the
        order of their rows, or missing where the other is not. Never null, so that a test can fail on it.
    -#}
    coalesce(
        abs({{ found }} - {{ wanted }}) > 1e-6 * greatest(1.0, abs({{ wanted }})),
        ({{ found }} is null) <> ({{ wanted }} is null)
    )
{%- endmacro %}
