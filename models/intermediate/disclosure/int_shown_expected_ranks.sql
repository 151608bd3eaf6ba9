with

hidden_rows as (
    select * from {{ ref('int_hidden_rows') }}
),

-- Rulebook 10.2: among the rows shown; turned so that more is worse.
eligible as (
    select
        intervals.indicator_id,
        intervals.organisation_code,
        intervals.quarter,
        intervals.organisation_class,
        case when intervals.direction = 'higher' then -1 else 1 end * intervals.transformed_value
            as badness,
        intervals.transformed_standard_error * intervals.transformed_standard_error as variance
    from {{ ref('int_indicator_intervals') }} as intervals
    left join hidden_rows
        on
            intervals.indicator_id = hidden_rows.indicator_id
            and intervals.organisation_code = hidden_rows.organisation_code
            and intervals.quarter = hidden_rows.quarter
    where
        intervals.is_eligible_for_benchmark
        and intervals.transformed_value is not null
        and intervals.transformed_standard_error is not null
        and hidden_rows.indicator_id is null
),

{{ expected_ranks('eligible') }}

select * from expected_ranks
