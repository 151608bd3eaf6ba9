with

{{ equity_cells() }},

hidden_rows as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_hidden_rows') }}
),

cells as (
    select
        equity_cells.*,
        hidden_rows.indicator_id is not null as is_in_hidden_row
    from equity_cells
    left join hidden_rows
        on
            equity_cells.indicator_id = hidden_rows.indicator_id
            and equity_cells.organisation_code = hidden_rows.organisation_code
            and equity_cells.quarter = hidden_rows.quarter
),

-- Fifths of residents are published, and sum to the numerator of the row: the small ones are
-- hidden with as many others as it takes for their sum to tell of none. Nobody is no secret.
told_of_residents as (
    select
        *,
        deprivation_quintile as member,
        observed as n_cases,
        true as has_one_count,
        {{ is_small_count('observed') }} as is_small
    from cells
    where is_of_residents and has_value and not is_in_hidden_row and observed >= 0.5
),

{{ pooled(
    'told_of_residents', ['indicator_id', 'organisation_code', 'quarter'], 'hidden_fifths',
    ['observed']
) }},

final as (
    select
        cells.indicator_id,
        cells.organisation_code,
        cells.quarter,
        cells.deprivation_quintile,
        cells.has_value,
        cells.is_of_residents,
        cells.is_published,
        cells.observed,
        cells.n_spells,
        cells.expected,
        cells.expected_variance,
        cells.is_in_hidden_row or coalesce(hidden_fifths.is_pooled, false) as is_hidden
    from cells
    left join hidden_fifths
        on
            cells.indicator_id = hidden_fifths.indicator_id
            and cells.organisation_code = hidden_fifths.organisation_code
            and cells.quarter = hidden_fifths.quarter
            and cells.deprivation_quintile = hidden_fifths.deprivation_quintile
)

select * from final
