{% macro change_parts() -%}
    {#-
        Columns of the parts of a change, between levels in pounds a year: opportunity_from_gbp, at_new_value_gbp,
        at_new_benchmark_gbp, at_new_volume_gbp, opportunity_to_gbp (Rulebook 9.13). With pounds at one end there is nothing to
        take apart: all of it came, or went. Of levels that are rounded the parts sum to the change as well.
    -#}
    coalesce(at_new_value_gbp - opportunity_from_gbp, 0) as performance_gbp,
    coalesce(at_new_benchmark_gbp - at_new_value_gbp, 0) as benchmark_gbp,
    coalesce(at_new_volume_gbp - at_new_benchmark_gbp, 0) as volume_gbp,
    coalesce(opportunity_to_gbp - at_new_volume_gbp, 0) as price_and_mix_gbp,
    case when is_open_throughout then {{ came_or_went() }} else 0 end as reporting_gbp,
    case when is_open_throughout then 0 else {{ came_or_went() }} end as organisations_gbp
{%- endmacro %}


{% macro came_or_went() -%}
    {#- Pounds at one end alone: the whole change. -#}
    case
        when opportunity_from_gbp is null then opportunity_to_gbp
        when opportunity_to_gbp is null then -opportunity_from_gbp
        else 0
    end
{%- endmacro %}


{% macro parts_of_a_change() %}
    {#- Names of the columns of change_parts, in the order of the rule (Rulebook 9.13). -#}
    {{ return([
        'performance_gbp', 'benchmark_gbp', 'volume_gbp', 'price_and_mix_gbp', 'reporting_gbp',
        'organisations_gbp',
    ]) }}
{% endmacro %}


{% macro amounts_of_a_change() %}
    {#- Names of the columns of pounds of a change that are added up over organisations. -#}
    {{ return(
        ['opportunity_from_gbp', 'opportunity_to_gbp'] + parts_of_a_change() + ['scope_gbp']
    ) }}
{% endmacro %}


{% macro change_sums(has_hidden=false) %}
    {#-
        CTEs, the last summed: changes of organisations, authorities and England by indicator and in the published total
        (Rulebook 9.13). Warehouse and public release add up alike.

        has_hidden: whether rows may be hidden. Needs the CTE changes, as int_opportunity_changes, with is_hidden of has_hidden.
    -#}
    {%- set parts, amounts = parts_of_a_change(), amounts_of_a_change() -%}
    {%- set kept = [
        'organisation_code', 'sha_code', 'counts_for_areas', 'quarter', 'comparison', 'from_quarter',
    ] + (['is_hidden'] if has_hidden else []) -%}
    -- What is in the total at one end only comes into it, or leaves it, as a whole.
    of_the_total as (
        select
            {{ kept | join(',\n            ') }},
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
            {{ kept | join(',\n            ') }},
            opportunity_from_gbp,
            opportunity_to_gbp,
            {{ parts | join(',\n            ') }},
            0 as scope_gbp
        from changes
        where is_indicator_compared
        union all
        select
            'ALL' as indicator_id,
            {{ kept | join(',\n            ') }},
            {{ amounts | join(',\n            ') }}
        from of_the_total
        where
            opportunity_from_gbp is not null
            or opportunity_to_gbp is not null
            {{ 'or is_hidden' if has_hidden }}
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
                {%- if has_hidden %}
                organisation_code,
                is_hidden,
                {%- endif %}
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
            {%- if has_hidden %}
            count(distinct organisation_code) filter (where is_hidden) as n_suppressed,
            bool_and(is_hidden) as is_hidden,
            {%- endif %}
            {% for amount in amounts -%}
                sum({{ amount }}) as {{ amount }}
                {%- if not loop.last %},{% endif %}
            {% endfor %}
        from areas
        group by indicator_id, area_level, area_code, quarter, comparison, from_quarter
    )
{%- endmacro %}
