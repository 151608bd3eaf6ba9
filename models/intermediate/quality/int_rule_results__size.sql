with

feed_sizes as (
    select * from {{ ref('int_feed_sizes') }}
),

rules as (
    select
        rule_id,
        red_under,
        red_over
    from {{ ref('dq_rules') }}
),

class_medians as (
    select
        subject,
        organisation_class,
        quarter,
        percentile_cont(0.5) within group (order by size_per_month) as median_size
    from feed_sizes
    group by subject, organisation_class, quarter
),

-- Rule J01. From nothing to something is no ratio, and a jump all the same.
jumps as (
    select
        'J01' as rule_id,
        feed_sizes.organisation_code,
        feed_sizes.feed,
        feed_sizes.quarter,
        feed_sizes.size_per_month / nullif(feed_sizes.preceding_size_per_month, 0) as rate,
        {{ comparable(
            'feed_sizes.size_per_month / nullif(feed_sizes.preceding_size_per_month, 0)'
        ) }} as ratio,
        feed_sizes.preceding_size_per_month = 0 and feed_sizes.size_per_month > 0
            as is_from_nothing
    from feed_sizes
    inner join class_medians
        on
            feed_sizes.subject = class_medians.subject
            and feed_sizes.organisation_class = class_medians.organisation_class
            and feed_sizes.quarter = class_medians.quarter
    where
        feed_sizes.subject in ('epact', 'esr_movement', 'finance', 'bppc', 'procurement')
        and feed_sizes.preceding_size_per_month is not null
        and {{ comparable(
            'greatest(feed_sizes.size_per_month, feed_sizes.preceding_size_per_month)'
        ) }} >= {{ comparable(
            parameter('jump_min_share_of_median') ~ ' * class_medians.median_size'
        ) }}
        and not (feed_sizes.preceding_size_per_month = 0 and feed_sizes.size_per_month = 0)
),

pay as (
    select
        organisation_code,
        organisation_class,
        feed,
        quarter,
        size_per_month_stood_for
    from feed_sizes
    where subject = 'finance'
),

medians_of_others as (
    select
        pay.organisation_code,
        pay.quarter,
        percentile_cont(0.5) within group (order by other_pay.size_per_month_stood_for)
            as median_pay
    from pay
    inner join pay as other_pay
        on
            pay.organisation_class = other_pay.organisation_class
            and pay.quarter = other_pay.quarter
            and pay.organisation_code <> other_pay.organisation_code
    group by pay.organisation_code, pay.quarter
),

-- Rule S01. A median of nought tells nothing of an order.
orders as (
    select
        'S01' as rule_id,
        pay.organisation_code,
        pay.feed,
        pay.quarter,
        pay.size_per_month_stood_for as rate,
        {{ comparable('pay.size_per_month_stood_for / medians_of_others.median_pay') }} as ratio,
        false as is_from_nothing
    from pay
    inner join medians_of_others
        on
            pay.organisation_code = medians_of_others.organisation_code
            and pay.quarter = medians_of_others.quarter
    where medians_of_others.median_pay > 0
),

judged as (
    select
        compared.rule_id,
        compared.organisation_code,
        compared.feed,
        compared.quarter,
        compared.rate,
        {{ rule_outcome(
            'compared.is_from_nothing or compared.ratio > rules.red_over or compared.ratio < rules.red_under'
        ) }} as outcome
    from (
        select * from jumps
        union all
        select * from orders
    ) as compared
    inner join rules
        on compared.rule_id = rules.rule_id
),

final as (
    select
        rule_id,
        organisation_code,
        feed,
        quarter,
        {{ judged_once('outcome') }},
        rate,
        outcome
    from judged
)

select * from final
