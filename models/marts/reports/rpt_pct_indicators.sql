with

{{ report('pct', ref('fct_indicator_values')) }}

select * from report
