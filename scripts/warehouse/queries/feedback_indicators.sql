-- The indicators as they stand, those that the data do something to first.
select
    indicator_values.organisation_code,
    indicator_values.indicator_id,
    indicators.name,
    indicators.unit,
    indicator_values.value,
    indicator_values.national_rank,
    indicator_values.n_ranked,
    indicator_values.quartile,
    indicator_values.opportunity_annual_gbp,
    indicator_values.publication_status,
    indicator_values.status_reason
from marts.fct_indicator_values as indicator_values
inner join marts.dim_indicator as indicators
    on indicator_values.indicator_id = indicators.indicator_id
where
    indicator_values.quarter = $quarter
    and (
        $codes is null
        or list_contains($codes::varchar[], indicator_values.organisation_code)
    )
order by
    indicator_values.organisation_code,
    list_position(
        ['not_submitted', 'unusable', 'withheld', 'caveat', 'not_applicable', 'published'],
        indicator_values.publication_status
    ),
    indicator_values.indicator_id
