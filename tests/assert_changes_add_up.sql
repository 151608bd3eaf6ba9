-- Every change worked out again from the two amounts in fct_opportunity: it is there where both
-- quarters have rows of the indicator (of ALL: of one that is in the total then) and either has
-- pounds, and nowhere else. Its seven parts sum to it. An organisation's indicator with pounds at
-- both ends has no reporting and no organisations, one with pounds at one end has nothing else, and
-- which of the two it is follows from where it is open. Areas are the sums of their organisations
-- (no priced indicator is on both classes; the reports of ALL would differ otherwise).
{% set parts = [
    'performance_gbp', 'benchmark_gbp', 'volume_gbp', 'price_and_mix_gbp', 'reporting_gbp',
    'organisations_gbp', 'scope_gbp',
] -%}
{% set keys = ['indicator_id', 'area_level', 'area_code', 'quarter', 'comparison'] -%}
with

changes as (
    select * from {{ ref('fct_opportunity_change') }}
),

-- The quarters of each indicator and, under ALL, those of any that is in the total then.
indicator_quarters as (
    select
        indicator_id,
        quarter
    from {{ ref('fct_indicator_values') }}
    union
    select
        'ALL' as indicator_id,
        results.quarter
    from {{ ref('fct_indicator_values') }} as results
    inner join {{ ref('dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    where
        indicators.in_published_total and results.quarter >= indicators.published_from_quarter
),

quarters as (
    select
        quarter,
        previous_quarter,
        {{ text_parameter('base_quarter') }} as base_quarter
    from {{ ref('dim_quarter') }}
),

comparisons as (
    {% for comparison in ['previous', 'base'] -%}
        select
            to_quarters.indicator_id,
            to_quarters.quarter,
            '{{ comparison }}' as comparison,
            from_quarters.quarter as from_quarter
        from indicator_quarters as to_quarters
        inner join quarters
            on to_quarters.quarter = quarters.quarter
        inner join indicator_quarters as from_quarters
            on
                to_quarters.indicator_id = from_quarters.indicator_id
                and quarters.{{ comparison }}_quarter = from_quarters.quarter
        where from_quarters.quarter < to_quarters.quarter
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

amounts as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        opportunity_annual_gbp
    from {{ ref('fct_opportunity') }}
    where opportunity_annual_gbp is not null
),

ends as (
    select
        comparisons.indicator_id,
        amounts.area_level,
        amounts.area_code,
        comparisons.quarter,
        comparisons.comparison,
        comparisons.from_quarter,
        sum(amounts.opportunity_annual_gbp)
        filter (where amounts.quarter = comparisons.from_quarter) as opportunity_from_gbp,
        sum(amounts.opportunity_annual_gbp)
        filter (where amounts.quarter = comparisons.quarter) as opportunity_to_gbp
    from comparisons
    inner join amounts
        on
            comparisons.indicator_id = amounts.indicator_id
            and amounts.quarter in (comparisons.from_quarter, comparisons.quarter)
    group by
        comparisons.indicator_id, amounts.area_level, amounts.area_code, comparisons.quarter,
        comparisons.comparison, comparisons.from_quarter
),

wanted as (
    select
        *,
        coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0) as change_gbp
    from ends
),

wrong_ends as (
    select
        coalesce(wanted.indicator_id, found.indicator_id) as indicator_id,
        coalesce(wanted.area_code, found.area_code) as area_code,
        coalesce(wanted.quarter, found.quarter) as quarter,
        coalesce(wanted.comparison, found.comparison) as comparison,
        'ends' as what
    from wanted
    full outer join changes as found
        on
            {% for key in keys -%}
                wanted.{{ key }} = found.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
    where
        wanted.indicator_id is null
        or found.indicator_id is null
        or found.from_quarter <> wanted.from_quarter
        or {{ differs('found.opportunity_from_gbp', 'wanted.opportunity_from_gbp') }}
        or {{ differs('found.opportunity_to_gbp', 'wanted.opportunity_to_gbp') }}
        or {{ differs('found.change_gbp', 'wanted.change_gbp') }}
),

open_organisations as (
    select
        organisation_code,
        quarter
    from {{ ref('int_open_organisations') }}
),

judged as (
    select
        changes.*,
        {{ parts | join('
        + ') }} as sum_of_parts,
        changes.opportunity_from_gbp is not null and changes.opportunity_to_gbp is not null
            as has_both_ends,
        from_open.quarter is not null and to_open.quarter is not null as is_open_throughout
    from changes
    left join open_organisations as from_open
        on
            changes.area_code = from_open.organisation_code
            and changes.from_quarter = from_open.quarter
    left join open_organisations as to_open
        on
            changes.area_code = to_open.organisation_code
            and changes.quarter = to_open.quarter
),

wrong_parts as (
    select
        indicator_id,
        area_code,
        quarter,
        comparison,
        'parts' as what
    from judged
    where
        {{ differs('sum_of_parts', 'change_gbp') }}
        or (indicator_id <> 'ALL' and scope_gbp <> 0)
        or (
            indicator_id <> 'ALL'
            and area_level = 'organisation'
            and case
                when has_both_ends then reporting_gbp <> 0 or organisations_gbp <> 0
                when is_open_throughout then {{ differs('reporting_gbp', 'change_gbp') }}
                else {{ differs('organisations_gbp', 'change_gbp') }}
            end
        )
),

organisations as (
    select
        changes.*,
        dim_organisation.sha_code
    from changes
    left join {{ ref('dim_organisation') }} as dim_organisation
        on changes.area_code = dim_organisation.organisation_code
    where changes.area_level = 'organisation'
),

sums as (
    {% for area_level, area_code in [('sha', 'sha_code'), ('england', "'england'")] -%}
        select
            indicator_id,
            '{{ area_level }}' as area_level,
            {{ area_code }} as area_code,
            quarter,
            comparison,
            {% for part in parts -%}
                sum({{ part }}) as {{ part }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from organisations
        where {{ area_code }} is not null
        group by indicator_id, {{ area_code }}, quarter, comparison
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

wrong_sums as (
    select
        changes.indicator_id,
        changes.area_code,
        changes.quarter,
        changes.comparison,
        'sums' as what
    from changes
    left join sums
        on
            {% for key in keys -%}
                changes.{{ key }} = sums.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
    where
        changes.area_level <> 'organisation'
        and (
            {% for part in parts -%}
                {{ differs('changes.' ~ part, 'sums.' ~ part) }}
                {% if not loop.last %}or {% endif -%}
            {% endfor %}
        )
),

final as (
    select * from wrong_ends
    union all
    select * from wrong_parts
    union all
    select * from wrong_sums
)

select * from final
