{% macro rule_outcome(is_red, is_amber='false') -%}
    {#- The outcome of a rule from its two conditions; the worse one wins, unknown is green. -#}
    case
        when {{ is_red }} then 'red'
        when {{ is_amber }} then 'amber'
        else 'green'
    end
{%- endmacro %}


{% macro publication_status(is_unusable, is_submitted, is_applicable, has_red, has_amber) -%}
    {#- Order of precedence of the statuses (Rulebook 6.5). What is unusable has rows, and none to submit. -#}
    case
        when {{ is_unusable }} then 'unusable'
        when not {{ is_submitted }} then 'not_submitted'
        when not {{ is_applicable }} then 'not_applicable'
        when {{ has_red }} then 'withheld'
        when {{ has_amber }} then 'caveat'
        else 'published'
    end
{%- endmacro %}


{% macro rated_rules(counted, feed=none) %}
    {#-
        CTEs rules, rated and final: the outcome of rules that bound a share of records. counted: CTE with rule_id,
        organisation_code, quarter, n_checked and n_failed, and feed where not all are of one.
    -#}
    rules as (
        select rule_id, amber_over, red_over from {{ ref('dq_rules') }}
    ),

    rated as (
        select *, cast(n_failed as double) / n_checked as rate from {{ counted }}
    ),

    final as (
        select
            rated.rule_id,
            rated.organisation_code,
            {{ "'" ~ feed ~ "' as feed" if feed else 'rated.feed' }},
            rated.quarter,
            rated.n_checked,
            rated.n_failed,
            rated.rate,
            {{ rule_outcome('rated.rate > rules.red_over', 'rated.rate > rules.amber_over') }} as outcome
        from rated
        inner join rules
            on rated.rule_id = rules.rule_id
    )
{%- endmacro %}
