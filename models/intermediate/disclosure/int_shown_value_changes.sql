with

{{ value_changes(ref('int_shown_trend_points'), ref('int_shown_ranks')) }}

select * from value_changes
