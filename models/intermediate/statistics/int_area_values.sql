with

results as (
    select
        indicator_id,
        organisation_class,
        sha_code,
        quarter,
        numerator,
        denominator,
        expected,
        value,
        publication_status in ('published', 'caveat') as is_counted
    from {{ ref('int_indicators_benchmarked') }}
),

{{ area_values() }},

final as (
    select * from area_values
)

select * from final
