-- The five scored fields of each feed with the largest share of records that say nothing, if any do.
select
    organisation_code,
    feed,
    field,
    n_records,
    n_missing,
    n_default,
    n_invalid,
    (n_records - n_valid) / n_records::double as share_not_valid
from marts.dq_field_quality
where
    quarter = $quarter
    and item_score is not null
    and n_valid < n_records
    and ($codes is null or list_contains($codes::varchar[], organisation_code))
qualify
    row_number() over (
        partition by organisation_code, feed order by share_not_valid desc, field
    ) <= 5
order by organisation_code, feed, share_not_valid desc, field
