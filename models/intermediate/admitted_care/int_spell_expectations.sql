{{ config(materialized='view') }}

with

spells as (
    select * from {{ ref('int_standardised_spells') }}
),

cells as (
    select
        short_name,
        quarter,
        casemix_cell,
        standard_cell,
        reference_mean,
        reference_variance
    from {{ ref('int_casemix_cells') }}
),

-- Every spell is in a cell; one without a reference spell expects nothing of it, which is null. Of
-- fewer than two the spread is not known and counts as none; rounding must not take it below.
final as (
    select
        spells.short_name,
        spells.spell_id,
        spells.organisation_code,
        spells.quarter,
        spells.deprivation_quintile,
        cells.standard_cell,
        spells.observed,
        cells.reference_mean as expected,
        greatest(0.0, coalesce(cells.reference_variance, 0.0)) as reference_variance
    from spells
    inner join cells
        on
            spells.short_name = cells.short_name
            and spells.quarter = cells.quarter
            and spells.casemix_cell = cells.casemix_cell
)

select * from final
