with

spells as (
    select * from {{ ref('int_spell_expectations') }}
),

-- Without a reference a spell is out of observed, expected and denominator alike, and counted.
final as (
    select
        short_name,
        organisation_code,
        quarter,
        deprivation_quintile,
        count(expected) as n_spells,
        count(*) filter (where expected is null) as n_without_reference,
        coalesce(sum(observed) filter (where expected is not null), 0) as observed,
        coalesce(sum(expected), 0) as expected,
        coalesce(sum(reference_variance) filter (where expected is not null), 0)
            as expected_variance
    from spells
    group by short_name, organisation_code, quarter, deprivation_quintile
)

select * from final
