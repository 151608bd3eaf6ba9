-- Rulebook 10.5: no part of a public drill-down is of 1 to 7 patients, in any count that tells of
-- them, nor is what is left of an organisation, or of a shown HRG chapter, when its shown parts are
-- taken off; and parts are of shown rows alone. What is shown is the warehouse's, rounded.
with

indicators as (
    select
        indicator_id,
        disclosive_counts
    from {{ ref('indicators') }}
),

parameters as (
    select
        {{ parameter('small_count') }} as small_count,
        {{ parameter('count_rounding') }} as count_rounding
),

published as (
    select * from {{ ref('pub_drilldown') }}
),

parts as (
    select
        drilldown.*,
        indicators.disclosive_counts,
        published.member is not null as is_shown,
        published.n_cases as shown_cases,
        published.observed as shown_observed
    from {{ ref('drilldown') }} as drilldown
    inner join indicators
        on drilldown.indicator_id = indicators.indicator_id
    left join published
        on
            drilldown.indicator_id = published.indicator_id
            and drilldown.organisation_code = published.organisation_code
            and drilldown.quarter = published.quarter
            and drilldown.dimension = published.dimension
            and drilldown.member = published.member
),

dimensions as (
    select distinct
        indicator_id,
        organisation_code,
        quarter,
        dimension
    from published
),

chapters as (
    select
        indicator_id,
        organisation_code,
        quarter,
        member
    from published
    where dimension = 'hrg_chapter' and member <> 'other'
),

-- The whole that is known of each part: the organisation, and for an HRG its chapter too.
wholes as (
    select
        parts.*,
        'organisation' as whole
    from parts
    inner join dimensions
        on
            parts.indicator_id = dimensions.indicator_id
            and parts.organisation_code = dimensions.organisation_code
            and parts.quarter = dimensions.quarter
            and parts.dimension = dimensions.dimension
    union all
    select
        parts.*,
        coalesce(chapters.member, 'other chapters') as whole
    from parts
    inner join dimensions
        on
            parts.indicator_id = dimensions.indicator_id
            and parts.organisation_code = dimensions.organisation_code
            and parts.quarter = dimensions.quarter
            and parts.dimension = dimensions.dimension
    left join chapters
        on
            parts.indicator_id = chapters.indicator_id
            and parts.organisation_code = chapters.organisation_code
            and parts.quarter = chapters.quarter
            and {{ hrg_chapter('parts.member') }} = chapters.member
    where parts.dimension = 'hrg'
),

left_over as (
    select
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        whole,
        disclosive_counts,
        count(*) as n_members,
        sum(n_cases) as n_cases,
        sum(observed) as observed
    from (
        select
            *,
            bool_or(is_shown) over (
                partition by indicator_id, organisation_code, quarter, dimension, whole
            ) as has_shown_beside
        from wholes
    ) as wholes
    where not is_shown and has_shown_beside
    group by indicator_id, organisation_code, quarter, dimension, whole, disclosive_counts
),

counts as (
    select
        'shown' as what,
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        member as which,
        2 as n_members,
        n_cases,
        case when disclosive_counts like '%numerator%' then observed end as observed,
        case when disclosive_counts like '%complement%' then n_cases - observed end as rest
    from parts
    where is_shown and disclosive_counts is not null
    union all
    select
        'left over' as what,
        indicator_id,
        organisation_code,
        quarter,
        dimension,
        whole as which,
        n_members,
        n_cases,
        case when disclosive_counts like '%numerator%' then observed end as observed,
        case when disclosive_counts like '%complement%' then n_cases - observed end as rest
    from left_over
    where disclosive_counts is not null
),

final as (
    select
        counts.what,
        counts.indicator_id,
        counts.organisation_code,
        counts.quarter,
        counts.dimension,
        counts.which
    from counts
    cross join parameters
    where
        round(counts.n_cases) between 1 and parameters.small_count
        or round(counts.observed) between 1 and parameters.small_count
        or round(counts.rest) between 1 and parameters.small_count
        or counts.n_members < 2
    union all
    select
        'not the warehouse''s' as what,
        parts.indicator_id,
        parts.organisation_code,
        parts.quarter,
        parts.dimension,
        parts.member as which
    from parts
    cross join parameters
    where
        parts.is_shown
        and (
            abs(parts.shown_cases - parts.n_cases) > parameters.count_rounding / 2
            or abs(parts.shown_observed - parts.observed) > parameters.count_rounding / 2
        )
    union all
    select
        'of a hidden row' as what,
        published.indicator_id,
        published.organisation_code,
        published.quarter,
        published.dimension,
        published.member as which
    from published
    left join {{ ref('pub_fct_indicator_values') }} as shown
        on
            published.indicator_id = shown.indicator_id
            and published.organisation_code = shown.organisation_code
            and published.quarter = shown.quarter
            and shown.disclosure_status = 'shown'
    where shown.indicator_id is null
)

select * from final
