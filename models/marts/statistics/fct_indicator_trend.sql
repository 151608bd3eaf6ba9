with

signals as (
    select * from {{ ref('int_trend_signals') }}
),

-- Rulebook 9.12: of organisations alone.
changes as (
    select
        *,
        'organisation' as area_level
    from {{ ref('int_value_changes') }}
),

final as (
    select
        signals.indicator_id,
        signals.area_level,
        signals.area_code,
        signals.organisation_class,
        signals.quarter,
        signals.trend_value,
        signals.segment_from_quarter,
        signals.n_points,
        signals.mean,
        signals.lower_limit,
        signals.upper_limit,
        signals.is_trial,
        signals.signal,
        signals.variation,
        changes.previous_value,
        changes.change,
        changes.change_z,
        changes.is_change_significant,
        changes.rank_change,
        changes.quarters_improving
    from signals
    left join changes
        on
            signals.indicator_id = changes.indicator_id
            and signals.area_level = changes.area_level
            and signals.area_code = changes.organisation_code
            and signals.organisation_class = changes.organisation_class
            and signals.quarter = changes.quarter
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
