with

spells as (
    select * from {{ ref('int_standardised_spells') }}
),

reference as (
    select
        short_name,
        organisation_code,
        quarter
    from {{ ref('int_indicator_gate') }}
    where is_reference
),

indicators as (
    select
        short_name,
        min_reference_spells
    from {{ ref('indicators') }}
),

cells as (
    select
        spells.short_name,
        spells.quarter,
        spells.casemix_cell,
        spells.wider_casemix_cell,
        count(*) as n_spells,
        count(reference.organisation_code) as n_reference,
        sum(spells.observed) filter (where reference.organisation_code is not null)
            as reference_sum,
        sum(spells.observed * spells.observed)
        filter (where reference.organisation_code is not null) as reference_sum_of_squares
    from spells
    left join reference
        on
            spells.short_name = reference.short_name
            and spells.organisation_code = reference.organisation_code
            and spells.quarter = reference.quarter
    group by
        spells.short_name, spells.quarter, spells.casemix_cell, spells.wider_casemix_cell
),

-- A cell with too few reference spells collapses, once, into a wider one made up of the collapsed
-- spells alone (Rulebook 5.1).
collapsed as (
    select
        cells.*,
        case
            when cells.n_reference < indicators.min_reference_spells
                then coalesce('collapsed|' || cells.wider_casemix_cell, cells.casemix_cell)
            else cells.casemix_cell
        end as standard_cell
    from cells
    inner join indicators
        on cells.short_name = indicators.short_name
),

standards as (
    select
        short_name,
        quarter,
        standard_cell,
        sum(n_reference) as reference_count,
        sum(reference_sum) as reference_sum,
        sum(reference_sum_of_squares) as reference_sum_of_squares
    from collapsed
    group by short_name, quarter, standard_cell
),

final as (
    select
        collapsed.short_name,
        collapsed.quarter,
        collapsed.casemix_cell,
        collapsed.standard_cell,
        collapsed.n_spells,
        collapsed.n_reference,
        standards.reference_count,
        standards.reference_sum,
        standards.reference_sum / nullif(standards.reference_count, 0) as reference_mean,
        (
            standards.reference_sum_of_squares
            - standards.reference_sum * standards.reference_sum / standards.reference_count
        ) / nullif(standards.reference_count - 1, 0) as reference_variance
    from collapsed
    inner join standards
        on
            collapsed.short_name = standards.short_name
            and collapsed.quarter = standards.quarter
            and collapsed.standard_cell = standards.standard_cell
)

select * from final
