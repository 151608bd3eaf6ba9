{% macro latest_year_first(year, this_year) -%}
    {#- Order of years by precedence: the latest not after this one, else the earliest (Rulebook 5.23). -#}
    {{ year }} <= {{ this_year }} desc,
    case when {{ year }} <= {{ this_year }} then {{ year }} end desc,
    {{ year }} asc
{%- endmacro %}


{% macro with_attendance_costs(rows, attendance) -%}
    {#-
        Joins of what an outpatient attendance costs, read by attendance_cost: of its treatment function, and
        over all of them. rows: alias with treatment_function and quarter. attendance: first or follow_up, as an
        SQL expression.
    -#}
    left join {{ ref('int_outpatient_costs') }} as own_costs
        on
            {{ rows }}.treatment_function = own_costs.treatment_function
            and {{ attendance }} = own_costs.attendance
            and {{ rows }}.quarter = own_costs.quarter
    left join {{ ref('int_outpatient_costs') }} as average_costs
        on
            average_costs.treatment_function = 'ALL'
            and {{ attendance }} = average_costs.attendance
            and {{ rows }}.quarter = average_costs.quarter
{%- endmacro %}


{% macro attendance_cost() -%}
    {#- Pounds of an attendance after with_attendance_costs; null where neither is known. -#}
    coalesce(own_costs.unit_price_gbp, average_costs.unit_price_gbp)
{%- endmacro %}
