{% macro prices_by_quarter(seed, keys, price) %}
    {#-
        Model of a seed of yearly prices by quarter: per key the latest financial year not after the quarter's,
        else the earliest (interfaces 5.5).
    -#}
with

prices as (
    select financial_year, {{ keys | join(', ') }}, {{ price }} from {{ ref(seed) }}
),

quarters as (
    select quarter, financial_year from {{ ref('int_quarters') }}
),

final as (
    select
        {% for key in keys -%}
            prices.{{ key }},
        {% endfor -%}
        quarters.quarter,
        prices.financial_year,
        prices.{{ price }} as unit_price_gbp
    from prices
    cross join quarters
    qualify row_number() over (
        partition by prices.{{ keys | join(', prices.') }}, quarters.quarter
        order by
            prices.financial_year <= quarters.financial_year desc,
            case when prices.financial_year <= quarters.financial_year then prices.financial_year end desc,
            prices.financial_year asc
    ) = 1
)

select * from final
{% endmacro %}
