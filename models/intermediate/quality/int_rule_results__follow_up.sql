with

submitted as (
    select
        organisation_code,
        quarter
    from {{ ref('int_feed_quarters') }}
    where feed = 'hes_apc'
),

quarters as (
    select
        quarter,
        previous_quarter
    from {{ ref('int_quarters') }}
),

covered as (
    select distinct quarter
    from {{ ref('int_submission_months') }}
    where is_effective and feed = 'hes_apc'
),

followed as (
    select quarters.previous_quarter as quarter
    from quarters
    inner join covered
        on quarters.quarter = covered.quarter
),

-- Rulebook 5.20: nobody's readmissions are known before the next quarter is in.
final as (
    select
        'FOLLOWUP' as rule_id,
        submitted.organisation_code,
        'hes_apc' as feed,
        submitted.quarter,
        cast(null as bigint) as n_checked,
        cast(null as bigint) as n_failed,
        cast(null as double) as rate,
        {{ rule_outcome('false', 'followed.quarter is null') }} as outcome
    from submitted
    left join followed
        on submitted.quarter = followed.quarter
)

select * from final
