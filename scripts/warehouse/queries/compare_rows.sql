-- The rows of two releases beside each other. Values are compared as revisions are (Rulebook 9.16).
create or replace temp table compared as
with

both_releases as (
    select
        coalesce(earlier.indicator_id, later.indicator_id) as indicator_id,
        coalesce(earlier.organisation_code, later.organisation_code) as organisation_code,
        coalesce(earlier.quarter, later.quarter) as quarter,
        coalesce(later.organisation_class, earlier.organisation_class) as organisation_class,
        earlier.indicator_id is null as is_added,
        later.indicator_id is null as is_gone,
        earlier.value as before_value,
        later.value as after_value,
        earlier.publication_status as before_status,
        later.publication_status as after_status,
        coalesce(earlier.disclosure_status, 'shown') as before_disclosure,
        coalesce(later.disclosure_status, 'shown') as after_disclosure,
        earlier.opportunity_annual_gbp as before_gbp,
        later.opportunity_annual_gbp as after_gbp,
        coalesce(earlier.is_in_published_total, false) as was_in_total,
        coalesce(later.is_in_published_total, false) as is_in_total,
        earlier.national_rank is distinct from later.national_rank as has_other_rank,
        earlier.data_fingerprint is distinct from later.data_fingerprint as has_other_data
    from earlier
    full outer join later
        on
            earlier.indicator_id = later.indicator_id
            and earlier.organisation_code = later.organisation_code
            and earlier.quarter = later.quarter
),

judged as (
    select
        *,
        coalesce(
            abs(after_value - before_value) > 1e-9 * abs(before_value),
            (after_value is null) <> (before_value is null)
        ) as has_other_value,
        before_status is distinct from after_status
        or before_disclosure <> after_disclosure as has_other_status,
        coalesce(
            abs(after_gbp - before_gbp) > 1e-9 * abs(before_gbp),
            (after_gbp is null) <> (before_gbp is null)
        ) as has_other_pounds
    from both_releases
)

select
    judged.*,
    coalesce(judged.organisation_class = registry.area_class, judged.was_in_total or judged.is_in_total)
        as counts_for_areas,
    is_added or is_gone or has_other_value or has_other_status or has_other_rank or has_other_pounds
        as is_changed
from judged
left join registry
    on judged.indicator_id = registry.indicator_id
where $quarter is null or judged.quarter = $quarter
