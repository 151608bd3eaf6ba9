with

spine as (
    select * from {{ ref('int_indicator_spine') }}
),

gate as (
    select
        indicator_id,
        organisation_code,
        quarter,
        has_red,
        has_amber,
        rules_failed
    from {{ ref('int_indicator_gate') }}
),

indicators as (
    select * from {{ ref('indicators') }}
),

unit_prices as (
    select
        price_id,
        quarter,
        unit_price_gbp
    from {{ ref('int_unit_prices') }}
),

figures as (
    select * from {{ ref('int_indicators_computed') }}
),

-- Rulebook 6.5: an organisation that sent nothing of use has no figures; one that sent rows without
-- a single case has counts of nought.
measured as (
    select
        spine.*,
        gate.has_red,
        gate.has_amber,
        indicators.direction,
        indicators.min_denominator,
        indicators.minimum_applies_to,
        case when spine.is_submitted then coalesce(gate.rules_failed, '') end as rules_failed,
        case
            when spine.is_submitted and figures.short_name is null then 0
            when spine.is_submitted then figures.numerator
        end as numerator,
        case
            when spine.is_submitted and figures.short_name is null then 0
            when spine.is_submitted then figures.denominator
        end as denominator,
        case
            when not indicators.is_standardised then null
            when spine.is_submitted and figures.short_name is null then 0
            when spine.is_submitted then figures.expected
        end as expected,
        case when spine.is_submitted then figures.crude_value end as crude_value,
        case when spine.is_submitted then figures.value end as value,
        case when spine.is_submitted then figures.volume end as volume,
        case when spine.is_submitted then figures.volume_limit end as volume_limit,
        -- A price that is the same for all holds without a single case too, unlike an own cost.
        case
            when not spine.is_submitted then null
            when indicators.price_basis = 'unit_price'
                then unit_prices.unit_price_gbp * coalesce(figures.price_factor, 1)
            when indicators.price_basis = 'own_cost' then figures.price_factor
            when indicators.price_basis = 'share_of_own_cost'
                then unit_prices.unit_price_gbp * figures.price_factor
        end as unit_price_gbp,
        ';' || coalesce(indicators.benchmark_excluded_types, '') || ';'
        like '%;' || spine.organisation_type || ';%' as is_excluded_type
    from spine
    inner join gate
        on
            spine.indicator_id = gate.indicator_id
            and spine.organisation_code = gate.organisation_code
            and spine.quarter = gate.quarter
    inner join indicators
        on spine.indicator_id = indicators.indicator_id
    left join unit_prices
        on indicators.price_id = unit_prices.price_id and spine.quarter = unit_prices.quarter
    left join figures
        on
            spine.short_name = figures.short_name
            and spine.organisation_code = figures.organisation_code
            and spine.quarter = figures.quarter
),

final as (
    select
        {{ star_except(['rules_failed', 'unusable_reason']) }},
        coalesce(
            case when minimum_applies_to = 'expected' then expected else denominator end
            < min_denominator,
            false
        ) as is_under_minimum,
        coalesce(
            unusable_reason,
            nullif(
                {{ sort_elements(
                    "concat_ws(',', nullif(rules_failed, ''), case when is_under_minimum then 'MIN' end)"
                ) }},
                ''
            )
        ) as status_reason,
        {{ publication_status(
            'is_unusable', 'is_submitted', '(denominator <> 0 and value is not null)', 'has_red',
            '(has_amber or is_under_minimum)'
        ) }} as publication_status,
        -- Rulebook 4.2; specialists meet the same conditions among themselves (4.4). What is
        -- shown for context has no benchmark to be eligible for.
        is_submitted
        and not has_red
        and value is not null
        and not is_under_minimum
        and not is_excluded_type
        and direction <> 'context' as is_rankable
    from measured
)

select * from final
