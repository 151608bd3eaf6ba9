with

records as (
    select * from {{ ref('int_quarantined_records') }}
),

organisation_map as (
    select
        code,
        quarter,
        organisation_code
    from {{ ref('int_organisation_map') }}
),

organisation_codes as (
    select
        code,
        organisation_code
    from {{ ref('int_organisation_codes') }}
),

-- Rulebook 8.6: without a quarter no merger is known to be in force, and the code stands as it is.
final as (
    select
        records.feed,
        records.submission_id,
        records.line_number,
        records.record_key,
        records.rule_id,
        coalesce(organisation_map.organisation_code, organisation_codes.organisation_code)
            as organisation_code,
        records.quarter,
        records.record
    from records
    left join organisation_map
        on
            records.submitted_organisation_code = organisation_map.code
            and records.quarter = organisation_map.quarter
    left join organisation_codes
        on records.submitted_organisation_code = organisation_codes.code
)

select * from final
