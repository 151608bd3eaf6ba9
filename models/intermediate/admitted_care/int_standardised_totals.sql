with

totals_by_deprivation as (
    select * from {{ ref('int_standardised_totals_by_deprivation') }}
),

final as (
    select
        short_name,
        organisation_code,
        quarter,
        cast(sum(n_spells) as bigint) as n_spells,
        cast(sum(n_without_reference) as bigint) as n_without_reference,
        sum(observed) as observed,
        sum(expected) as expected,
        sum(expected_variance) as expected_variance
    from totals_by_deprivation
    group by short_name, organisation_code, quarter
)

select * from final
