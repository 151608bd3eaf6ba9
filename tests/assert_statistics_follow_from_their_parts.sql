-- What must hold of every row of the statistics, worked out from what stands beside it: a group has
-- one funnel and one target; the position in it is the distance's and the direction's; the ranks of
-- N sum to N (N + 1) ÷ 2, and each lies between its best and its worst, but for the one in forty by
-- which "clearly" is not "certainly"; the first things to look at are numbered without a gap.
with

figures as (
    select
        figures.*,
        results.is_eligible_for_benchmark,
        results.publication_status,
        results.opportunity_annual_gbp,
        results.value,
        indicators.direction,
        abs(figures.funnel_z) as magnitude,
        figures.funnel_z > 0 as is_above
    from {{ ref('fct_indicator_statistics') }} as figures
    inner join {{ ref('fct_indicator_values') }} as results
        on
            figures.indicator_id = results.indicator_id
            and figures.organisation_code = results.organisation_code
            and figures.quarter = results.quarter
    inner join {{ ref('dim_indicator') }} as indicators
        on figures.indicator_id = indicators.indicator_id
),

group_figures as (
    select
        indicator_id,
        quarter,
        organisation_class,
        count(expected_rank) as n_ranks,
        sum(expected_rank) as sum_of_ranks,
        count(distinct funnel_target) as n_targets,
        count(*) - count(funnel_target) as n_without_target,
        count(*) as n_rows,
        count(*) filter (where is_eligible_for_benchmark and transformed_value is not null)
            as n_in_funnel
    from figures
    group by indicator_id, quarter, organisation_class
),

orders as (
    select
        organisation_code,
        quarter,
        count(focus_order) as n_orders,
        max(focus_order) as last_order,
        count(distinct focus_order) as n_distinct_orders,
        count(*) filter (
            where opportunity_annual_gbp > 0 and publication_status in ('published', 'caveat')
        ) as n_wanted
    from figures
    group by organisation_code, quarter
),

faults as (
    select
        'position in the funnel' as fault,
        indicator_id,
        organisation_code,
        quarter
    from figures
    where
        funnel_position is distinct from case
            when magnitude <= 1.959963984540054 then 'within'
            when is_above = (direction = 'lower') and magnitude <= 3.090232306167813 then 'worse_95'
            when is_above = (direction = 'lower') then 'worse_998'
            when magnitude <= 3.090232306167813 then 'better_95'
            when magnitude > 3.090232306167813 then 'better_998'
        end
        or (
            -- A proportion above 1 is cut, and a rate's y is not quite that of its value.
            interval_method in ('ratio', 'casemix_mean')
            and (magnitude > 1.959963984540054)
            <> (value not between funnel_lower_95 and funnel_upper_95)
        )
    union all
    select
        'rank between its limits' as fault,
        indicator_id,
        organisation_code,
        quarter
    from figures
    where
        expected_rank < rank_best_95 - 0.025 * (rank_best_95 - 1) - 1e-9
        or rank_best_95 > rank_worst_95
        or (expected_rank is not null)
        <> (is_eligible_for_benchmark and transformed_value is not null)
    union all
    select
        'ranks and targets of a group' as fault,
        indicator_id,
        organisation_class as organisation_code,
        quarter
    from group_figures
    where
        abs(coalesce(sum_of_ranks, 0) - n_ranks * (n_ranks + 1) / 2.0) > 1e-6
        or n_ranks <> n_in_funnel
        or n_targets <> case when n_in_funnel >= 10 then 1 else 0 end
        or n_without_target <> case when n_in_funnel >= 10 then 0 else n_rows end
    union all
    select
        'rank between its limits' as fault,
        figures.indicator_id,
        figures.organisation_code,
        figures.quarter
    from figures
    inner join group_figures
        on
            figures.indicator_id = group_figures.indicator_id
            and figures.quarter = group_figures.quarter
            and figures.organisation_class = group_figures.organisation_class
    where
        figures.expected_rank
        > figures.rank_worst_95 + 0.025 * (group_figures.n_ranks - figures.rank_worst_95) + 1e-9
    union all
    select
        'order of what to look at' as fault,
        null as indicator_id,
        organisation_code,
        quarter
    from orders
    where
        n_orders <> n_wanted
        or n_orders <> n_distinct_orders
        or coalesce(last_order, 0) <> n_orders
),

final as (
    select * from faults
)

select * from final
