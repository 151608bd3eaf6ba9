-- What changed, a row an indicator. Pounds are England's, a mean of the quarters that both have.
with

rows_compared as (
    select
        *,
        not is_added and not is_gone as is_in_both_releases
    from compared
),

quarters as (
    select
        indicator_id,
        quarter,
        sum(before_gbp) filter (where counts_for_areas) as before_gbp,
        sum(after_gbp) filter (where counts_for_areas) as after_gbp,
        count(*) as n_rows,
        count(*) filter (where is_changed) as n_changed,
        count(*) filter (where is_added) as n_added,
        count(*) filter (where is_gone) as n_gone,
        count(*) filter (where is_in_both_releases and has_other_value) as n_values,
        count(*) filter (where is_in_both_releases and has_other_status) as n_statuses,
        count(*) filter (where is_in_both_releases and has_other_rank) as n_ranks,
        count(*) filter (where is_in_both_releases and has_other_pounds) as n_pounds,
        -- Of an indicator's quarter in one release only; an organisation that is new has no other data.
        bool_or(is_in_both_releases and has_other_data)
        or bool_and(is_added)
        or bool_and(is_gone) as has_other_data,
        not bool_and(is_added) and not bool_and(is_gone) as is_in_both
    from rows_compared
    group by indicator_id, quarter
)

select
    quarters.indicator_id,
    coalesce(any_value(registry.name), '') as name,
    cast(sum(n_rows) as bigint) as n_rows,
    cast(sum(n_changed) as bigint) as n_changed,
    cast(sum(n_added) as bigint) as n_added,
    cast(sum(n_gone) as bigint) as n_gone,
    cast(sum(n_values) as bigint) as n_values,
    cast(sum(n_statuses) as bigint) as n_statuses,
    cast(sum(n_ranks) as bigint) as n_ranks,
    cast(sum(n_pounds) as bigint) as n_pounds,
    count(*) filter (where has_other_data) as n_quarters_with_other_data,
    sum(before_gbp) filter (where is_in_both) / nullif(count(*) filter (where is_in_both), 0)
        as before_gbp,
    sum(after_gbp) filter (where is_in_both) / nullif(count(*) filter (where is_in_both), 0)
        as after_gbp
from quarters
left join registry
    on quarters.indicator_id = registry.indicator_id
group by quarters.indicator_id
order by quarters.indicator_id
