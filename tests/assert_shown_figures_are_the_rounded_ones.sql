-- Rulebook 10.4: a shown row says what the warehouse says, rounded: a multiple of what its column
-- is rounded to, no further than half of that from the warehouse's figure, and null where that is
-- null. What is no figure is the same. A column that this does not know stops it.
{% set keys = {
    'fct_indicator_values': ['indicator_id', 'organisation_code', 'quarter'],
    'fct_indicator_statistics': ['indicator_id', 'organisation_code', 'quarter'],
    'fct_quartile_thresholds':
        ['indicator_id', 'quarter', 'organisation_class', 'peer_set', 'peer_code'],
} -%}
{% set made_again = [
    'national_rank', 'n_ranked', 'quartile', 'sha_rank', 'sha_n_ranked', 'sha_quartile',
    'cluster_rank', 'cluster_n_ranked', 'cluster_quartile', 'expected_rank', 'rank_best_95',
    'rank_worst_95', 'focus_order',
] -%}
{% set of_peers = ['sha_benchmark_value', 'cluster_benchmark_value'] -%}
{% set value = 'case when indicators.value_decimals = 1 then 0.1 else 0.001 end' -%}
{% set crude_value %}
case
    when indicators.indicator_id in ('BCBV01', 'BCBV02') then 0.1
    when indicators.indicator_id in ('BCBV04', 'BCBV05', 'BCBV06', 'BCBV19') then 0.0001
    else 0.001
end
{% endset -%}
{% set steps = {
    'numerator': 5, 'denominator': 5, 'expected': 0.1, 'crude_value': crude_value, 'value': value,
    'benchmark_value': value, 'sha_benchmark_value': value, 'cluster_benchmark_value': value,
    'gap': value, 'excess_units': 0.1, 'unit_price_gbp': 0.01, 'opportunity_quarter_gbp': 1000,
    'opportunity_annual_gbp': 1000, 'opportunity_annual_at_median_gbp': 1000,
    'opportunity_annual_at_best_decile_gbp': 1000, 'releasable_annual_gbp': 1000,
    'value_lower_95': value, 'value_upper_95': value, 'value_lower_998': value,
    'value_upper_998': value, 'transformed_value': 0.01, 'transformed_standard_error': 0.01,
    'overdispersion_phi': 0.01, 'overdispersion_tau2': 0.01, 'funnel_target': 0.01,
    'funnel_centre': value, 'funnel_z': 0.01, 'funnel_lower_95': value, 'funnel_upper_95': value,
    'funnel_lower_998': value, 'funnel_upper_998': value, 'shrunk_value': value,
    'shrunk_benchmark_value': value, 'opportunity_annual_shrunk_gbp': 1000,
    'opportunity_annual_lower_gbp': 1000, 'opportunity_annual_upper_gbp': 1000, 'p10': value,
    'p25': value, 'median': value, 'p75': value, 'p90': value, 'best_quartile_threshold': value,
} -%}
with

indicators as (
    select * from {{ ref('indicators') }}
),

found as (
    {% for table, key in keys.items() -%}
        {%- set mart, published = ref(table), ref('pub_' ~ table) -%}
        {%- set columns = adapter.get_columns_in_relation(mart) if execute else [] -%}
        {% for column in columns if column.name not in key + made_again -%}
            {%- set name = column.name -%}
            {%- set is_figure = column.dtype == 'DOUBLE' -%}
            {%- if is_figure and name not in steps -%}
                {{ exceptions.raise_compiler_error(table ~ '.' ~ name ~ ': to what is it rounded?') }}
            {%- endif -%}
            select
                '{{ table }}.{{ name }}' as published_column,
                cast(shown.{{ name }} as varchar) as published_figure,
                cast(mart.{{ name }} as varchar) as warehouse_figure
            from {{ published }} as shown
            inner join indicators
                on shown.indicator_id = indicators.indicator_id
            full join {{ mart }} as mart
                on
                    {%- for part in key %}
                    {% if not loop.first %}and {% endif -%}
                    shown.{{ part }} is not distinct from mart.{{ part }}
                    {%- endfor %}
            where
                shown.indicator_id is null
                or mart.indicator_id is null
                or (
                    {% if name in of_peers -%}
                        shown.{{ name }} is not null
                    {%- else -%}
                        shown.disclosure_status = 'shown'
                    {%- endif %}
                    and (
                        {% if is_figure -%}
                            {%- set step = steps[name] -%}
                            (shown.{{ name }} is null) <> (mart.{{ name }} is null)
                            or abs(shown.{{ name }} - mart.{{ name }})
                            > ({{ step }}) * (0.5 + 1e-6) + 1e-9 * abs(mart.{{ name }})
                            or abs(
                                shown.{{ name }} / ({{ step }})
                                - round(shown.{{ name }} / ({{ step }}))
                            ) > 1e-6
                        {%- else -%}
                            shown.{{ name }} is distinct from mart.{{ name }}
                        {%- endif %}
                    )
                )
            union all
        {% endfor -%}
    {%- endfor %}
    select
        cast(null as varchar) as published_column,
        cast(null as varchar) as published_figure,
        cast(null as varchar) as warehouse_figure
    from indicators
    where false
)

select * from found
