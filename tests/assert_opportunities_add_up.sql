-- Every amount of every area, worked out again from the organisations' values: an indicator's line
-- wherever it has pounds at all, ALL of those in the published total, ALL_NETTED without the
-- smaller of stay and pre-operative days of each trust; authorities and England of the trusts alone
-- where an indicator is on both classes. Organisations with pounds, and with doubtful ones, are
-- counted again too. At the base quarter's activity each gap is multiplied out with the volume and
-- the price of the first row with pounds since then.
{% set amounts = [
    'opportunity_quarter_gbp', 'opportunity_annual_gbp', 'opportunity_annual_at_median_gbp',
    'opportunity_annual_at_best_decile_gbp', 'releasable_annual_gbp',
    'opportunity_annual_unflagged_gbp', 'opportunity_annual_activity_adjusted_gbp',
] -%}
{# What fct_indicator_values does not have of its own. #}
{% set derived = amounts[-2:] -%}
{% set counts = ['n_organisations', 'n_flagged'] -%}
{% set keys = ['indicator_id', 'area_level', 'area_code', 'quarter'] -%}
with

first_quarters as (
    select
        indicator_id,
        organisation_code,
        min(quarter) as quarter
    from {{ ref('fct_indicator_values') }}
    where
        opportunity_annual_gbp is not null
        and quarter >= {{ text_parameter('base_quarter') }}
    group by indicator_id, organisation_code
),

activity as (
    select
        first_quarters.indicator_id,
        first_quarters.organisation_code,
        first_quarters.quarter,
        base.volume,
        base.volume_limit,
        base.unit_price_gbp
    from first_quarters
    inner join {{ ref('int_indicators_benchmarked') }} as base
        on
            first_quarters.indicator_id = base.indicator_id
            and first_quarters.organisation_code = base.organisation_code
            and first_quarters.quarter = base.quarter
),

results as (
    select
        results.indicator_id,
        results.organisation_code,
        results.quarter,
        {% for amount in amounts if amount not in derived -%}
            results.{{ amount }},
        {% endfor -%}
        case when results.publication_status = 'published' then results.opportunity_annual_gbp end
            as opportunity_annual_unflagged_gbp,
        case
            when results.opportunity_annual_gbp is null or results.quarter < activity.quarter
                then null
            else
                {{ parameter('annualisation_factor') }} * activity.unit_price_gbp
                * case
                    when results.gap * activity.volume > activity.volume_limit
                        then activity.volume_limit
                    else results.gap * activity.volume
                end
        end as opportunity_annual_activity_adjusted_gbp,
        case
            when results.opportunity_quarter_gbp is not null then results.organisation_code
        end as organisation_with_pounds,
        case
            when
                results.opportunity_quarter_gbp is not null
                and results.publication_status in ('withheld', 'caveat')
                then results.organisation_code
        end as flagged_organisation,
        organisations.sha_code,
        indicators.in_published_total
        and coalesce(results.quarter >= indicators.published_from_quarter, false) as is_in_total,
        results.organisation_class = 'trust'
        or not bool_or(results.organisation_class = 'trust')
            over (partition by results.indicator_id) as counts_for_areas,
        count(results.opportunity_quarter_gbp)
            over (partition by results.indicator_id, results.quarter) as n_with_pounds
    from {{ ref('fct_indicator_values') }} as results
    inner join {{ ref('dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    left join {{ ref('dim_organisation') }} as organisations
        on results.organisation_code = organisations.organisation_code
    left join activity
        on
            results.indicator_id = activity.indicator_id
            and results.organisation_code = activity.organisation_code
),

lines as (
    select
        indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        organisation_with_pounds,
        flagged_organisation,
        {{ amounts | join(', ') }}
    from results
    where n_with_pounds > 0
    union all
    select
        'ALL' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        organisation_with_pounds,
        flagged_organisation,
        {{ amounts | join(', ') }}
    from results
    where n_with_pounds > 0 and is_in_total
    union all
    select
        'ALL_NETTED' as indicator_id,
        organisation_code,
        sha_code,
        quarter,
        counts_for_areas,
        organisation_with_pounds,
        flagged_organisation,
        {{ amounts | join(', ') }}
    from results
    where n_with_pounds > 0 and is_in_total
    union all
    -- What is counted twice is the smaller of the two, and nought where one of them is not known.
    select
        'ALL_NETTED' as indicator_id,
        stays.organisation_code,
        stays.sha_code,
        stays.quarter,
        stays.counts_for_areas,
        cast(null as varchar) as organisation_with_pounds,
        cast(null as varchar) as flagged_organisation,
        {% for amount in amounts -%}
            case
                when stays.{{ amount }} <= waits.{{ amount }} then -stays.{{ amount }}
                when waits.{{ amount }} < stays.{{ amount }} then -waits.{{ amount }}
            end as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from results as stays
    inner join results as waits
        on
            stays.organisation_code = waits.organisation_code
            and stays.quarter = waits.quarter
    where
        stays.indicator_id = 'BCBV01' and stays.is_in_total
        and waits.indicator_id = 'BCBV02' and waits.is_in_total
        and stays.opportunity_quarter_gbp is not null
        and waits.opportunity_quarter_gbp is not null
),

areas as (
    {% for area_level, area_code, condition in [
        ('organisation', 'organisation_code', 'true'),
        ('sha', 'sha_code', 'counts_for_areas and sha_code is not null'),
        ('england', "'england'", 'counts_for_areas'),
    ] -%}
        select
            indicator_id,
            '{{ area_level }}' as area_level,
            {{ area_code }} as area_code,
            quarter,
            organisation_with_pounds,
            flagged_organisation,
            {{ amounts | join(', ') }}
        from lines
        where {{ condition }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

wanted as (
    select
        {{ keys | join(', ') }},
        count(distinct organisation_with_pounds) as n_organisations,
        count(distinct flagged_organisation) as n_flagged,
        {% for amount in amounts -%}
            sum({{ amount }}) as {{ amount }}
            {%- if not loop.last %},{% endif %}
        {% endfor %}
    from areas
    group by {{ keys | join(', ') }}
),

final as (
    select
        wanted.indicator_id as wanted_indicator_id,
        wanted.area_code as wanted_area_code,
        found.*
    from wanted
    full outer join {{ ref('fct_opportunity') }} as found
        on
            {% for key in keys -%}
                wanted.{{ key }} = found.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
    where
        wanted.indicator_id is null
        or found.indicator_id is null
        {% for count in counts -%}
            or found.{{ count }} is distinct from wanted.{{ count }}
        {% endfor -%}
        {% for amount in amounts -%}
            or {{ differs('found.' ~ amount, 'wanted.' ~ amount) }}
        {% endfor %}
)

select * from final
