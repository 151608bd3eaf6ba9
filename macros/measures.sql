{% macro needed_measures(subject) %}
    {#-
        The measures that a figure needs of a row, by their staged names; a row unread in one of them is left out of
        both sides (Rulebook 6.38). Of prescribing, saving_per_item is the price beside the items.
    -#}
    {%- set needed = {
        'low_cost_statins': ['item_count'],
        'ace_inhibitor_share': ['item_count'],
        'low_cost_ppi': ['item_count'],
        'clopidogrel_volume': ['item_count'],
        'saving_per_item': ['item_count', 'net_ingredient_cost_gbp'],
        'sickness_absence': ['fte_days_lost', 'fte_days_available'],
        'staff_turnover': ['headcount_start', 'headcount_end', 'leaver_headcount'],
        'agency_spend': ['total_pay_gbp', 'agency_pay_gbp'],
        'cash_flow': ['closing_cash_gbp', 'closing_cash_plan_gbp', 'annual_turnover_gbp'],
        'income_expenditure': ['surplus_gbp', 'surplus_plan_gbp', 'annual_turnover_gbp'],
        'better_payment': ['invoices_paid_gbp', 'within_target_gbp'],
        'framework_procurement': ['addressable_spend_gbp', 'framework_spend_gbp'],
    } -%}
    {{ return(needed[subject]) }}
{% endmacro %}


{% macro is_read(subject, unread_measures='unread_measures') -%}
    {#- Whether no measure that a figure needs is unread in the row; never null. -#}
    (
        {{ unread_measures }} is null
        or not (
            {%- for measure in needed_measures(subject) %}
            instr(',' || {{ unread_measures }} || ',', ',{{ measure }},') > 0
            {%- if not loop.last %} or{% endif %}
            {%- endfor %}
        )
    )
{%- endmacro %}


{% macro if_read(subject, figure) -%}
    {#- A figure of the row where all that the subject needs of the row was read; else null. -#}
    case when {{ is_read(subject) }} then {{ figure }} end
{%- endmacro %}
