with

-- Turned so that more is worse, whichever side of the indicator is the better one.
eligible as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_class,
        case when direction = 'higher' then -1 else 1 end * transformed_value as badness,
        transformed_standard_error * transformed_standard_error as variance
    from {{ ref('int_indicator_intervals') }}
    where
        is_eligible_for_benchmark
        and transformed_value is not null
        and transformed_standard_error is not null
),

{{ expected_ranks('eligible') }}

select * from expected_ranks
