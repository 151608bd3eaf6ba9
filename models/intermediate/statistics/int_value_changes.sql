with

{{ value_changes(ref('int_trend_points'), ref('int_indicators_benchmarked')) }}

select * from value_changes
