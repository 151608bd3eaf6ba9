with

appointments as (
    select
        submitted_provider_code,
        submitted_pct_code,
        quarter,
        is_without_outcome,
        is_without_attendance,
        is_without_source
    from {{ ref('int_appointments') }}
    where not is_duplicate
),

appointments_of_organisations as (
    {{ trusts_and_pcts(
        'appointments', ['is_without_outcome', 'is_without_attendance', 'is_without_source']
    ) }}
),

counted as (
    {% for rule_id, fault in [
        ('O02', 'is_without_outcome'),
        ('O03', 'is_without_attendance'),
        ('O04', 'is_without_source')
    ] -%}
        select
            '{{ rule_id }}' as rule_id,
            organisation_code,
            quarter,
            count(*) as n_checked,
            count(*) filter (where {{ fault }}) as n_failed
        from appointments_of_organisations
        group by organisation_code, quarter
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ rated_rules('counted', 'hes_op') }}

select * from final
