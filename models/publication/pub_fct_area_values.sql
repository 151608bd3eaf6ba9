with

shown_results as (
    select * from {{ ref('int_shown_results') }}
),

hidden_rows as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_hidden_rows') }}
),

registry as (
    select
        indicator_id,
        value_decimals,
        {{ crude_decimals() }} as crude_decimals
    from {{ ref('indicators') }}
),

-- Rulebook 10.3: each row is rounded first, so that an area is the sum of what is published.
results as (
    select
        shown_results.indicator_id,
        shown_results.organisation_class,
        shown_results.sha_code,
        shown_results.quarter,
        {{ rounded_count('shown_results.numerator') }} as numerator,
        {{ rounded_count('shown_results.denominator') }} as denominator,
        {{ rounded_value('shown_results.expected', 1) }} as expected,
        {{ rounded_value('shown_results.value', 'registry.value_decimals') }} as value,
        shown_results.publication_status in ('published', 'caveat') as is_counted,
        shown_results.publication_status in ('published', 'caveat')
        and hidden_rows.indicator_id is not null as is_hidden
    from shown_results
    inner join registry
        on shown_results.indicator_id = registry.indicator_id
    left join hidden_rows
        on
            shown_results.indicator_id = hidden_rows.indicator_id
            and shown_results.organisation_code = hidden_rows.organisation_code
            and shown_results.quarter = hidden_rows.quarter
),

{{ area_values(has_hidden=true) }},

final as (
    select
        area_values.indicator_id,
        area_values.organisation_class,
        area_values.area_level,
        area_values.area_code,
        area_values.quarter,
        area_values.numerator,
        area_values.denominator,
        {{ rounded_value('area_values.expected', 1) }} as expected,
        {{ rounded_value('area_values.crude_value', 'registry.crude_decimals') }} as crude_value,
        {{ rounded_value('area_values.value', 'registry.value_decimals') }} as value,
        {{ rounded_value('area_values.simple_mean', 'registry.value_decimals') }} as simple_mean,
        area_values.n_organisations,
        area_values.n_left_out,
        area_values.n_suppressed
    from area_values
    inner join registry
        on area_values.indicator_id = registry.indicator_id
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
