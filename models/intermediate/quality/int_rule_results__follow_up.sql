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
counted as (
    select
        'FOLLOWUP' as rule_id,
        submitted.organisation_code,
        submitted.quarter,
        1 as n_checked,
        case when followed.quarter is null then 1 else 0 end as n_failed
    from submitted
    left join followed
        on submitted.quarter = followed.quarter
),

{{ rated_rules('counted', 'hes_apc') }}

select * from final
