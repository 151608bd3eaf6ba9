-- The organisations that are expected to send something in the quarter; $codes null: all of them.
with

expected as (
    select distinct organisation_code
    from marts.dq_submission_status
    where
        quarter = $quarter
        and ($codes is null or list_contains($codes::varchar[], organisation_code))
),

scores as (
    select organisation_code, item_score, coverage, dq_score
    from marts.dq_scores
    where quarter = $quarter and feed is null
),

final as (
    select
        expected.organisation_code,
        organisations.organisation_name,
        organisations.organisation_type,
        organisations.organisation_class,
        organisations.cluster,
        scores.item_score,
        scores.coverage,
        scores.dq_score
    from expected
    left join marts.dim_organisation as organisations
        on expected.organisation_code = organisations.organisation_code
    left join scores on expected.organisation_code = scores.organisation_code
)

select * from final
order by organisation_code
