with

bed_days as (
    {% for indicator_id, model in [
        ('BCBV01', 'int_los_drilldown'), ('BCBV02', 'int_preop_drilldown')
    ] -%}
        select
            '{{ indicator_id }}' as indicator_id,
            organisation_code,
            quarter,
            pct_code,
            organisation_code as provider_code,
            cast(sum(n_spells) as bigint) as n_spells,
            sum(bed_days) as observed,
            sum(expected_bed_days) as expected,
            sum(excess_bed_days) as excess_units,
            sum(opportunity_annual_gbp) as opportunity_annual_gbp
        from {{ ref(model) }}
        group by organisation_code, quarter, pct_code
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

admissions as (
    select
        indicator_id,
        organisation_code,
        quarter,
        organisation_code as pct_code,
        provider_code,
        n_cases as n_spells,
        cast(n_cases as double) as observed,
        cast(null as double) as expected,
        excess_units,
        opportunity_annual_gbp
    from ({{ allocated_cases(
        'provider_code', ['surgical_thresholds', 'emergency_admissions']
    ) }}) as allocated
),

final as (
    select * from bed_days
    union all
    select * from admissions
)

select * from final
