{% set figures = [
    'value', 'value_lower_95', 'value_upper_95', 'value_lower_998', 'value_upper_998', 'gap_q1_q5',
] -%}
with

fifths as (
    select * from {{ ref('int_shown_fifths') }}
),

parameters as (
    select {{ parameter('max_hidden_share') }} as max_hidden_share
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
        expected,
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
        expected,
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
        count(*) filter (where is_hidden) as n_suppressed,
        coalesce(sum(expected) filter (where is_hidden), 0) as hidden_expected,
        sum(expected) as all_expected
    from areas
    group by indicator_id, area_level, area_code, quarter, deprivation_quintile
),

-- Fifths are hidden for having few cases: an index of the others is too high where many are.
judged as (
    select
        counted.*,
        bool_and(
            counted.hidden_expected <= parameters.max_hidden_share * counted.all_expected
        ) over (
            partition by
                counted.indicator_id, counted.area_level, counted.area_code, counted.quarter
        ) as is_representative
    from counted
    cross join parameters
),

final as (
    select
        judged.indicator_id,
        judged.area_level,
        judged.area_code,
        judged.quarter,
        judged.deprivation_quintile,
        {{ rounded_count('equity_values.observed') }} as observed,
        {{ rounded_value('equity_values.expected', 1) }} as expected,
        {% for figure in figures -%}
            case
                when judged.area_level = 'organisation' or judged.is_representative
                    then {{ rounded_value('equity_values.' ~ figure, 1) }}
            end as {{ figure }},
        {% endfor -%}
        case when equity_values.indicator_id is null then 'suppressed' else 'shown' end
            as disclosure_status,
        judged.n_suppressed
    from judged
    left join equity_values
        on
            judged.indicator_id = equity_values.indicator_id
            and judged.area_level = equity_values.area_level
            and judged.area_code = equity_values.area_code
            and judged.quarter = equity_values.quarter
            and judged.deprivation_quintile = equity_values.deprivation_quintile
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
