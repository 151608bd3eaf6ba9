{% set parts = [
    'performance_gbp',
    'benchmark_gbp',
    'volume_gbp',
    'price_and_mix_gbp',
    'reporting_gbp',
    'organisations_gbp',
] -%}
{% set amounts = ['opportunity_from_gbp', 'opportunity_to_gbp'] + parts + ['scope_gbp'] -%}
with

changes as (
    select * from {{ ref('int_opportunity_changes') }}
),

-- What is in the total at one end only comes into it, or leaves it, as a whole.
of_the_total as (
    select
        organisation_code,
        sha_code,
        counts_for_areas,
        quarter,
        comparison,
        from_quarter,
        case when is_in_from_total then opportunity_from_gbp end as opportunity_from_gbp,
        case when is_in_to_total then opportunity_to_gbp end as opportunity_to_gbp,
        {% for part in parts -%}
            case when is_in_from_total and is_in_to_total then {{ part }} else 0 end as {{ part }},
        {% endfor -%}
        case
            when is_in_from_total and is_in_to_total then 0
            when is_in_to_total then coalesce(opportunity_to_gbp, 0)
            else -coalesce(opportunity_from_gbp, 0)
        end as scope_gbp
    from changes
    where is_total_compared
),

lines as (
    select
        indicator_id,
        organisation_code,
        sha_code,
        counts_for_areas,
        quarter,
        comparison,
        from_quarter,
        opportunity_from_gbp,
        opportunity_to_gbp,
        {{ parts | join(',\n        ') }},
        0 as scope_gbp
    from changes
    where is_indicator_compared
    union all
    select
        'ALL' as indicator_id,
        organisation_code,
        sha_code,
        counts_for_areas,
        quarter,
        comparison,
        from_quarter,
        {{ amounts | join(',\n        ') }}
    from of_the_total
    where opportunity_from_gbp is not null or opportunity_to_gbp is not null
),

areas as (
    {% for area_level, area_code, condition in [
        ('organisation', 'organisation_code', none),
        ('sha', 'sha_code', 'sha_code is not null and counts_for_areas'),
        ('england', "'england'", 'counts_for_areas'),
    ] -%}
        select
            indicator_id,
            '{{ area_level }}' as area_level,
            {{ area_code }} as area_code,
            quarter,
            comparison,
            from_quarter,
            {{ amounts | join(',\n            ') }}
        from lines
        {% if condition %}where {{ condition }}{% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        comparison,
        from_quarter,
        {% for amount in amounts -%}
            sum({{ amount }}) as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from areas
    group by indicator_id, area_level, area_code, quarter, comparison, from_quarter
),

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        comparison,
        from_quarter,
        {% for amount in amounts -%}
            {{ amount }},
        {% endfor -%}
        coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0) as change_gbp
    from summed
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
