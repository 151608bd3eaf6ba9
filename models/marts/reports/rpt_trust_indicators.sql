with

{{ report('trust', ref('fct_indicator_values')) }}

select * from report
