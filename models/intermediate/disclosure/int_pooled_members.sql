{% set keys = ['indicator_id', 'organisation_code', 'quarter', 'dimension'] -%}
{% set counts = ['patients_observed', 'patients_counted', 'patients_left'] -%}
with

members as (
    select * from {{ ref('int_drilldown_members') }}
),

shown_results as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_shown_results') }}
    where disclosure_status = 'shown'
),

indicators as (
    select
        indicator_id,
        disclosive_counts is not null as tells_of_patients,
        coalesce(disclosive_counts like '%numerator%', false) as hides_observed,
        coalesce(disclosive_counts like '%denominator%', false) as hides_cases,
        coalesce(disclosive_counts like '%complement%', false) as hides_rest
    from {{ ref('indicators') }}
),

parameters as (
    select {{ parameter('small_count') }} as small_count
),

-- Rulebook 10.1: of a part the same counts may not be small as of the organisation.
counted as (
    select
        members.*,
        case when indicators.hides_observed then members.observed end as patients_observed,
        case when indicators.hides_cases then members.n_cases end as patients_counted,
        case when indicators.hides_rest then members.n_cases - members.observed end
            as patients_left,
        indicators.tells_of_patients,
        not (indicators.hides_observed and indicators.hides_cases) as has_one_count
    from members
    inner join shown_results
        on
            members.indicator_id = shown_results.indicator_id
            and members.organisation_code = shown_results.organisation_code
            and members.quarter = shown_results.quarter
    inner join indicators
        on members.indicator_id = indicators.indicator_id
),

judged as (
    select
        counted.*,
        counted.tells_of_patients
        and (
            counted.n_cases <= parameters.small_count
            {% for count in counts -%}
                or {{ is_small_count('counted.' ~ count) }}
            {% endfor %}
        ) as is_small
    from counted
    cross join parameters
),

parts as (
    select * from judged
    where dimension <> 'hrg'
),

{{ pooled('parts', keys, 'pooled_parts', counts) }},

shown_chapters as (
    select
        indicator_id,
        organisation_code,
        quarter,
        member
    from pooled_parts
    where dimension = 'hrg_chapter' and not is_pooled
),

-- HRGs lie within chapters: those of each shown one, and those of all the others together, are a
-- group of which the sum is known.
hrgs as (
    select
        judged.*,
        coalesce(shown_chapters.member, 'other') as shown_chapter
    from judged
    left join shown_chapters
        on
            judged.indicator_id = shown_chapters.indicator_id
            and judged.organisation_code = shown_chapters.organisation_code
            and judged.quarter = shown_chapters.quarter
            and {{ hrg_chapter('judged.member') }} = shown_chapters.member
    where judged.dimension = 'hrg'
),

{{ pooled('hrgs', keys + ['shown_chapter'], 'pooled_hrgs', counts) }},

final as (
    {% for pool in ['pooled_parts', 'pooled_hrgs'] -%}
        select
            indicator_id,
            organisation_code,
            quarter,
            dimension,
            member,
            n_cases,
            observed,
            expected,
            excess_units,
            opportunity_annual_gbp,
            {{ counts | join(',\n            ') }},
            tells_of_patients,
            is_small,
            is_pooled
        from {{ pool }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
