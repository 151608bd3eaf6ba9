with

signals as (
    select * from {{ ref('int_shown_trend_signals') }}
),

changes as (
    select
        *,
        'organisation' as area_level
    from {{ ref('int_shown_value_changes') }}
),

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

hidden_points as (
    select
        points.indicator_id,
        points.area_level,
        points.area_code,
        points.organisation_class,
        points.quarter
    from {{ ref('int_trend_points') }} as points
    inner join hidden_rows
        on
            points.indicator_id = hidden_rows.indicator_id
            and points.area_code = hidden_rows.organisation_code
            and points.quarter = hidden_rows.quarter
    where points.area_level = 'organisation'
),

indicators as (
    select
        indicator_id,
        value_decimals,
        is_standardised and value_scale = 100 as is_index,
        {{ crude_decimals() }} as crude_decimals
    from {{ ref('indicators') }}
),

-- Rulebook 9.10: England's series of an index is of crude values.
series as (
    select
        signals.*,
        indicators.value_decimals,
        case
            when signals.area_level = 'england' and indicators.is_index
                then indicators.crude_decimals
            else indicators.value_decimals
        end as trend_decimals
    from signals
    inner join indicators
        on signals.indicator_id = indicators.indicator_id
),

shown as (
    select
        series.indicator_id,
        series.area_level,
        series.area_code,
        series.organisation_class,
        series.quarter,
        {{ rounded_value('series.trend_value', 'series.trend_decimals') }} as trend_value,
        series.segment_from_quarter,
        series.n_points,
        {% for figure in ['mean', 'lower_limit', 'upper_limit'] -%}
            {{ rounded_value('series.' ~ figure, 'series.trend_decimals') }} as {{ figure }},
        {% endfor -%}
        series.is_trial,
        series.signal,
        series.variation,
        {{ rounded_value('changes.previous_value', 'series.value_decimals') }} as previous_value,
        {{ rounded_value('changes.change', 'series.value_decimals') }} as change,
        {{ rounded_value('changes.change_z', 2) }} as change_z,
        changes.is_change_significant,
        changes.rank_change,
        changes.quarters_improving,
        'shown' as disclosure_status
    from series
    left join changes
        on
            series.indicator_id = changes.indicator_id
            and series.area_level = changes.area_level
            and series.area_code = changes.organisation_code
            and series.organisation_class = changes.organisation_class
            and series.quarter = changes.quarter
),

final as (
    select * from shown
    union all
    select
        indicator_id,
        area_level,
        area_code,
        organisation_class,
        quarter,
        null as trend_value,
        null as segment_from_quarter,
        null as n_points,
        null as mean,
        null as lower_limit,
        null as upper_limit,
        null as is_trial,
        null as signal,
        null as variation,
        null as previous_value,
        null as change,
        null as change_z,
        null as is_change_significant,
        null as rank_change,
        null as quarters_improving,
        'suppressed' as disclosure_status
    from hidden_points
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
