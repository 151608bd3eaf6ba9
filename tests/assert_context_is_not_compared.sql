-- What is shown for context has a value, and neither benchmark nor rank nor gap.
select indicator_values.*
from {{ ref('fct_indicator_values') }} as indicator_values
inner join {{ ref('dim_indicator') }} as indicators
    on indicator_values.indicator_id = indicators.indicator_id
where
    indicators.direction = 'context'
    and (
        indicator_values.is_eligible_for_benchmark
        or coalesce(
            indicator_values.benchmark_value, indicator_values.national_rank, indicator_values.gap
        ) is not null
    )
