{% macro rule_outcome(is_red, is_amber='false') -%}
    {#- The outcome of a rule from its two conditions; the worse one wins, unknown is green. -#}
    case
        when {{ is_red }} then 'red'
        when {{ is_amber }} then 'amber'
        else 'green'
    end
{%- endmacro %}


{% macro publication_status(is_submitted, is_applicable, has_red, has_amber) -%}
    {#- Order of precedence of the statuses (interfaces 5.6.5). -#}
    case
        when not {{ is_submitted }} then 'not_submitted'
        when not {{ is_applicable }} then 'not_applicable'
        when {{ has_red }} then 'withheld'
        when {{ has_amber }} then 'caveat'
        else 'published'
    end
{%- endmacro %}
