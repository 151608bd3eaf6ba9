{% set levels = [
    'opportunity_from_gbp',
    'at_new_value_gbp',
    'at_new_benchmark_gbp',
    'at_new_volume_gbp',
    'opportunity_to_gbp',
] -%}
{% set kept = [
    'indicator_id',
    'organisation_code',
    'sha_code',
    'counts_for_areas',
    'quarter',
    'comparison',
    'from_quarter',
    'is_indicator_compared',
    'is_total_compared',
    'is_in_from_total',
    'is_in_to_total',
    'is_open_throughout',
] -%}
with

unrounded as (
    select * from {{ ref('int_opportunity_changes') }}
),

hidden_rows as (
    select
        indicator_id,
        organisation_code,
        quarter
    from {{ ref('int_hidden_rows') }}
),

-- Rulebook 10.3: a change is shown where both ends are. The levels are rounded, and its parts, the
-- steps from one to the next, sum to it to the pound.
levels as (
    select
        {% for column in kept -%}
            unrounded.{{ column }},
        {% endfor -%}
        {% for level in levels -%}
            case
                when from_hidden.indicator_id is null and to_hidden.indicator_id is null
                    then {{ rounded_pounds('unrounded.' ~ level) }}
            end as {{ level }},
        {% endfor -%}
        from_hidden.indicator_id is not null or to_hidden.indicator_id is not null as is_hidden
    from unrounded
    {% for end, quarter in [('from', 'from_quarter'), ('to', 'quarter')] -%}
        left join hidden_rows as {{ end }}_hidden
            on
                unrounded.indicator_id = {{ end }}_hidden.indicator_id
                and unrounded.organisation_code = {{ end }}_hidden.organisation_code
                and unrounded.{{ quarter }} = {{ end }}_hidden.quarter
    {% endfor %}
),

changes as (
    select
        *,
        {{ change_parts() }}
    from levels
),

{{ change_sums(has_hidden=true) }},

final as (
    select
        indicator_id,
        area_level,
        area_code,
        quarter,
        comparison,
        from_quarter,
        {% for amount in amounts_of_a_change() -%}
            case when not is_hidden then {{ amount }} end as {{ amount }},
        {% endfor -%}
        case
            when not is_hidden
                then coalesce(opportunity_to_gbp, 0) - coalesce(opportunity_from_gbp, 0)
        end as change_gbp,
        {{ status_of_hidden() }} as disclosure_status,
        n_suppressed
    from summed
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
