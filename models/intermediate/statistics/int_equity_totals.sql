with

{{ equity_cells() }},

-- Rulebook 9.18: a trust's own fifths would be too few for limits that say anything.
areas as (
    select
        *,
        'organisation' as area_level,
        organisation_code as area_code
    from equity_cells
    where has_value and is_of_residents
    union all
    select
        *,
        'england' as area_level,
        'england' as area_code
    from equity_cells
    where is_published
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        deprivation_quintile,
        sum(observed) as observed,
        sum(n_spells) as n_spells,
        sum(expected) as expected,
        sum(expected_variance) as expected_variance
    from areas
    group by indicator_id, area_level, area_code, quarter, deprivation_quintile
)

select * from final
