with

results as (
    select
        indicator_id,
        organisation_code,
        quarter,
        direction,
        publication_status,
        quartile,
        opportunity_annual_gbp
    from {{ ref('int_indicators_benchmarked') }}
),

intervals as (
    select
        indicator_id,
        organisation_code,
        quarter,
        interval_method,
        is_distinguishable,
        opportunity_annual_lower_gbp
    from {{ ref('int_indicator_intervals') }}
),

positions as (
    select
        indicator_id,
        organisation_code,
        quarter,
        funnel_position
    from {{ ref('int_funnel_positions') }}
),

trends as (
    select
        indicator_id,
        area_code as organisation_code,
        quarter,
        variation
    from {{ ref('int_trend_signals') }}
    where area_level = 'organisation'
),

quarters as (
    select
        quarter,
        previous_quarter
    from {{ ref('int_quarters') }}
),

judged as (
    select
        results.*,
        intervals.opportunity_annual_lower_gbp,
        positions.funnel_position,
        coalesce(results.quartile = 4, false) as is_in_worst_quarter,
        coalesce(positions.funnel_position in ('worse_95', 'worse_998'), false) as is_worse,
        coalesce(intervals.is_distinguishable, false) or intervals.interval_method = 'none'
            as is_not_chance,
        coalesce(trends.variation = 'concern', false) as has_worsened
    from results
    inner join intervals
        on
            results.indicator_id = intervals.indicator_id
            and results.organisation_code = intervals.organisation_code
            and results.quarter = intervals.quarter
    left join positions
        on
            results.indicator_id = positions.indicator_id
            and results.organisation_code = positions.organisation_code
            and results.quarter = positions.quarter
    left join trends
        on
            results.indicator_id = trends.indicator_id
            and results.organisation_code = trends.organisation_code
            and results.quarter = trends.quarter
),

-- The calendar quarter before, under the same code; a gap is no quarter before.
compared as (
    select
        judged.*,
        coalesce(previous.is_in_worst_quarter, false) as was_in_worst_quarter,
        coalesce(previous.is_worse, false) as was_worse
    from judged
    inner join quarters
        on judged.quarter = quarters.quarter
    left join judged as previous
        on
            judged.indicator_id = previous.indicator_id
            and judged.organisation_code = previous.organisation_code
            and quarters.previous_quarter = previous.quarter
),

focused as (
    select
        indicator_id,
        organisation_code,
        quarter,
        row_number() over (
            partition by organisation_code, quarter
            order by
                coalesce(opportunity_annual_lower_gbp, 0) desc,
                opportunity_annual_gbp desc,
                indicator_id asc
        ) as focus_order
    from judged
    where opportunity_annual_gbp > 0 and publication_status in ('published', 'caveat')
),

-- Rulebook 9.8: the first that holds. One sign alone is seen in most organisations somewhere; a
-- concern is the worst quarter and a sign that it is neither chance nor the usual spread.
final as (
    select
        compared.indicator_id,
        compared.organisation_code,
        compared.quarter,
        case
            when compared.direction = 'context' or compared.publication_status = 'not_applicable'
                then null
            when compared.publication_status in ('withheld', 'not_submitted', 'unusable')
                then 'data'
            when
                compared.is_in_worst_quarter
                and (
                    coalesce(compared.funnel_position = 'worse_998', false)
                    or (compared.is_worse and compared.was_worse)
                    or compared.has_worsened
                )
                then 'concern'
            when
                (
                    compared.is_in_worst_quarter
                    and compared.was_in_worst_quarter
                    and compared.is_not_chance
                )
                or compared.is_worse
                or compared.has_worsened
                then 'watch'
            else 'none'
        end as concern,
        focused.focus_order
    from compared
    left join focused
        on
            compared.indicator_id = focused.indicator_id
            and compared.organisation_code = focused.organisation_code
            and compared.quarter = focused.quarter
)

select * from final
