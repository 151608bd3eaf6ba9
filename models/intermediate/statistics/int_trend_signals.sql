with

points as (
    select * from {{ ref('int_trend_points') }}
),

{{ trend_signals('points') }}

select * from trend_signals
