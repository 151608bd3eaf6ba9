{% set figures = [
    'value', 'value_lower_95', 'value_upper_95', 'value_lower_998', 'value_upper_998', 'gap_q1_q5',
] -%}
with

fifths as (
    select * from {{ ref('int_shown_fifths') }}
),

registry as (
    select
        indicator_id,
        value_decimals
    from {{ ref('indicators') }}
),

shown as (
    select * from fifths
    where not is_hidden
),

-- Rulebook 10.3: England is the sum of what is shown, each cell rounded first.
totals as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        quarter,
        deprivation_quintile,
        observed,
        n_spells,
        expected,
        expected_variance
    from shown
    where has_value and is_of_residents
    union all
    select
        indicator_id,
        'england' as area_level,
        'england' as area_code,
        quarter,
        deprivation_quintile,
        sum({{ rounded_count('observed') }}) as observed,
        sum({{ rounded_count('n_spells') }}) as n_spells,
        sum({{ rounded_value('expected', 1) }}) as expected,
        sum(expected_variance) as expected_variance
    from shown
    where is_published
    group by indicator_id, quarter, deprivation_quintile
),

{{ equity_values() }},

areas as (
    select
        indicator_id,
        'organisation' as area_level,
        organisation_code as area_code,
        quarter,
        deprivation_quintile,
        is_hidden
    from fifths
    where has_value and is_of_residents
    union all
    select
        indicator_id,
        'england' as area_level,
        'england' as area_code,
        quarter,
        deprivation_quintile,
        is_hidden
    from fifths
    where is_published
),

counted as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        deprivation_quintile,
        count(*) filter (where is_hidden) as n_suppressed
    from areas
    group by indicator_id, area_level, area_code, quarter, deprivation_quintile
),

final as (
    select
        counted.indicator_id,
        counted.area_level,
        counted.area_code,
        counted.quarter,
        counted.deprivation_quintile,
        {{ rounded_count('equity_values.observed') }} as observed,
        {{ rounded_value('equity_values.expected', 1) }} as expected,
        {% for figure in figures -%}
            {{ rounded_value('equity_values.' ~ figure, 'registry.value_decimals') }}
                as {{ figure }},
        {% endfor -%}
        case when equity_values.indicator_id is null then 'suppressed' else 'shown' end
            as disclosure_status,
        counted.n_suppressed
    from counted
    inner join registry
        on counted.indicator_id = registry.indicator_id
    left join equity_values
        on
            counted.indicator_id = equity_values.indicator_id
            and counted.area_level = equity_values.area_level
            and counted.area_code = equity_values.area_code
            and counted.quarter = equity_values.quarter
            and counted.deprivation_quintile = equity_values.deprivation_quintile
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
