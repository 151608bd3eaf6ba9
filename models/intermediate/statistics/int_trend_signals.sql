with

points as (
    select * from {{ ref('int_trend_points') }}
),

{{ xmr(
    'points',
    ['indicator_id', 'area_level', 'area_code', 'organisation_class', 'segment_from_quarter'],
    'quarter', 'trend_value'
) }},

-- Rulebook 9.11: windows that overlap and running sums are not points of one process, nor is a
-- population that steps each year.
followed as (
    select
        *,
        trend_method = 'xmr' as is_followed
    from xmr
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        organisation_class,
        quarter,
        trend_value,
        segment_from_quarter,
        n_points,
        case when is_followed then mean end as mean,
        case when is_followed then lower_limit end as lower_limit,
        case when is_followed then upper_limit end as upper_limit,
        is_trial,
        case when is_followed then signal end as signal,
        case
            when not is_followed or mean is null then null
            when signal is null then 'common_cause'
            when direction = 'context' then 'neutral'
            when signal_side = case direction when 'higher' then 1 else -1 end
                then 'improvement'
            else 'concern'
        end as variation
    from followed
)

select * from final
