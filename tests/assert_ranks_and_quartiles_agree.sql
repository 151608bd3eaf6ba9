-- The best is ranked first and in the first quartile, nobody is ranked beyond the number of the
-- ranked, and an organisation that sets the benchmark is ranked against it.
with

ranked as (
    select
        *,
        min(national_rank) over (
            partition by
                indicator_id, quarter, organisation_class, organisation_type = 'acute_specialist'
        ) as best_rank
    from {{ ref('fct_indicator_values') }}
    where national_rank is not null or is_eligible_for_benchmark
),

final as (
    select *
    from ranked
    where
        national_rank is null
        or best_rank <> 1
        or (national_rank = 1 and quartile <> 1)
        or national_rank > n_ranked
        or (is_eligible_for_benchmark and benchmark_value is null)
)

select * from final
