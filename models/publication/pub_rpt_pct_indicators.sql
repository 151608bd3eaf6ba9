with

{{ report('pct', ref('pub_fct_indicator_values'), status_or_suppressed()) }}

select * from report
