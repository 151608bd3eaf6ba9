-- An indicator of prescribing without a drug in its numerator, or a share without one in its
-- denominator, would be nought everywhere, or nowhere computed, and nobody would be told.
with

indicators as (
    select
        indicator_id,
        unit
    from {{ ref('indicators') }}
    where area = 'prescribing'
),

indicator_groups as (
    select
        indicator_id,
        is_numerator,
        is_denominator
    from {{ ref('indicator_drug_groups') }}
),

final as (
    select
        indicators.indicator_id,
        indicators.unit,
        coalesce(bool_or(indicator_groups.is_numerator), false) as has_numerator,
        coalesce(bool_or(indicator_groups.is_denominator), false) as has_denominator
    from indicators
    left join indicator_groups
        on indicators.indicator_id = indicator_groups.indicator_id
    group by indicators.indicator_id, indicators.unit
)

select * from final
where not has_numerator or has_denominator <> (unit = 'proportion')
