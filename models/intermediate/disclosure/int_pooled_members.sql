{% set keys = ['indicator_id', 'organisation_code', 'quarter', 'dimension'] -%}
{% set counts = ['patients_observed', 'patients_counted', 'patients_left'] -%}
{% set columns = [
    'member', 'n_cases', 'observed', 'expected', 'excess_units', 'opportunity_annual_gbp',
] -%}
{% set expected_of_shown -%}
    coalesce(sum({{ rounded_count('expected') }}) filter (where not is_pooled), 0)
{%- endset %}
{% set half_of_rounding = parameter('count_rounding') ~ ' / 2.0' -%}
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
        indicators.hides_observed <> indicators.hides_cases as has_one_count,
        -- What is expected of such a part is a national mean for each case.
        indicators.hides_cases
        and members.expected is not null
        and (
            members.dimension in ('hrg', 'procedure')
            or (members.dimension = 'specialty' and indicators.hides_observed)
        ) as is_by_mean
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

-- A chapter, or an organisation, less the parts that are shown, each of them rounded.
{{ narrowed(
    'pooled_hrgs', keys + ['shown_chapter'], 'narrowed_chapters',
    rounded_count('sum(expected)') ~ ' - ' ~ expected_of_shown,
    half_of_rounding ~ ' * (count(*) filter (where not is_pooled) + 1)'
) }},

chapters_left as (
    select
        pooled_hrgs.*,
        pooled_hrgs.is_pooled or narrowed_chapters.shown_chapter is not null as is_pooled_by_chapter
    from pooled_hrgs
    left join narrowed_chapters
        on
            {% for key in keys + ['shown_chapter'] -%}
                pooled_hrgs.{{ key }} = narrowed_chapters.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
),

all_pools as (
    {% for rows, is_pooled in [
        ('pooled_parts', 'is_pooled'), ('chapters_left', 'is_pooled_by_chapter'),
    ] -%}
        select
            {{ (keys + columns + counts) | join(',\n            ') }},
            tells_of_patients,
            is_by_mean,
            is_small,
            {{ is_pooled }} as is_pooled
        from {{ rows }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{{ narrowed(
    'all_pools', keys, 'narrowed_parts', 'sum(expected) - ' ~ expected_of_shown,
    half_of_rounding ~ ' * count(*) filter (where not is_pooled)'
) }},

-- Where nothing else helps, all stand together.
pools as (
    select
        {{ prefixed('all_pools', keys + columns + counts) }},
        all_pools.tells_of_patients,
        all_pools.is_by_mean,
        all_pools.is_small,
        all_pools.is_pooled
        or (
            narrowed_parts.indicator_id is not null
            and bool_or(not all_pools.is_pooled) over (
                partition by {{ prefixed('all_pools', keys) }}
            )
        ) as is_pooled
    from all_pools
    left join narrowed_parts
        on
            {% for key in keys -%}
                all_pools.{{ key }} = narrowed_parts.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
),

{{ narrowed(
    'pools', keys, 'untold', rounded_count('sum(expected) filter (where is_pooled)'),
    half_of_rounding, needs_shown=false
) }},

final as (
    select
        {{ prefixed('pools', keys + columns + counts) }},
        pools.tells_of_patients,
        pools.is_small,
        pools.is_pooled,
        pools.is_pooled and untold.indicator_id is not null as is_expected_untold
    from pools
    left join untold
        on
            {% for key in keys -%}
                pools.{{ key }} = untold.{{ key }}
                {% if not loop.last %}and {% endif -%}
            {% endfor %}
)

select * from final
