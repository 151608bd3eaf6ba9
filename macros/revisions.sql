{% macro revisions(released, current_rows, number='release_number', n_releases='n_releases') -%}
    {#-
        CTEs, the last of them `revisions`: what releases said of a row first and last, and what is known now, the
        values to the last digit (Rulebook 9.16). released, current_rows: CTEs of int_released_values and of
        int_ledger_rows; number, n_releases: the columns that number the releases of a row, and count them.
    -#}
first_released as (
    select * from {{ released }}
    where {{ number }} = 1
),

last_released as (
    select * from {{ released }}
    where {{ number }} = {{ n_releases }}
),

ever as (
    select
        indicator_id,
        organisation_code,
        quarter
    from first_released
    union distinct
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ current_rows }}
),

compared as (
    select
        ever.indicator_id,
        ever.organisation_code,
        ever.quarter,
        first_released.release as first_release,
        first_released.value as first_published_value,
        first_released.opportunity_annual_gbp as first_published_opportunity_annual_gbp,
        last_released.release as last_release,
        last_released.value as last_published_value,
        last_released.opportunity_annual_gbp as last_published_opportunity_annual_gbp,
        {{ current_rows }}.value as current_value,
        {{ current_rows }}.opportunity_annual_gbp as current_opportunity_annual_gbp,
        coalesce(last_released.{{ n_releases }}, 0) as n_releases,
        first_released.data_fingerprint as first_data_fingerprint,
        first_released.code_version as first_code_version,
        coalesce(
            first_released.disclosure_status = 'suppressed'
            and {{ current_rows }}.disclosure_status = 'suppressed',
            false
        ) as is_hidden_in_both,
        {{ current_rows }}.indicator_id is null as is_gone,
        {{ current_rows }}.data_fingerprint,
        {{ code_version() }} as current_code_version
    from ever
    left join first_released
        on
            ever.indicator_id = first_released.indicator_id
            and ever.organisation_code = first_released.organisation_code
            and ever.quarter = first_released.quarter
    left join last_released
        on
            ever.indicator_id = last_released.indicator_id
            and ever.organisation_code = last_released.organisation_code
            and ever.quarter = last_released.quarter
    left join {{ current_rows }}
        on
            ever.indicator_id = {{ current_rows }}.indicator_id
            and ever.organisation_code = {{ current_rows }}.organisation_code
            and ever.quarter = {{ current_rows }}.quarter
),

-- Rulebook 9.16: against the first release that held the row; two missing values are the same, and
-- what was hidden then and is hidden now is no revision, whatever lies behind it.
revisions as (
    select
        indicator_id,
        organisation_code,
        quarter,
        first_release,
        first_published_value,
        first_published_opportunity_annual_gbp,
        last_release,
        last_published_value,
        last_published_opportunity_annual_gbp,
        current_value,
        current_opportunity_annual_gbp,
        n_releases,
        case
            when n_releases > 0
                then
                    not is_hidden_in_both
                    and coalesce(
                        abs(current_value - first_published_value)
                        > 1e-9 * abs(first_published_value),
                        (current_value is null) <> (first_published_value is null)
                    )
        end as is_revised,
        case
            when n_releases > 0
                then
                    is_gone
                    or coalesce(data_fingerprint <> first_data_fingerprint, false)
                    or (data_fingerprint is null) <> (first_data_fingerprint is null)
        end as data_changed,
        case
            when n_releases > 0
                then
                    coalesce(current_code_version <> first_code_version, false)
                    or (current_code_version is null) <> (first_code_version is null)
        end as code_changed
    from compared
)
{%- endmacro %}
