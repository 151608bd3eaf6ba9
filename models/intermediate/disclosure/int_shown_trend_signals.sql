-- Rulebook 10.1: over the points shown. With the warehouse's mean of eight quarters, seven of them
-- shown, the eighth would be eight means less the seven.
with

points as (
    select * from {{ ref('int_shown_trend_points') }}
),

{{ trend_signals('points') }}

select * from trend_signals
