-- What the registry says hangs together, and its indicators are those that have a model.
with

indicators as (
    select
        indicator_id,
        short_name,
        area_class,
        counted_within
    from {{ ref('indicators') }}
),

computed as (
    {% for short_name in computed_indicators() -%}
        select '{{ short_name }}' as short_name
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

indicator_types as (
    select
        indicator_id,
        {{ explode_list('org_type') }} as org_type
    from {{ ref('indicators') }}
),

indicator_classes as (
    select
        indicator_types.indicator_id,
        organisation_types.organisation_class
    from indicator_types
    left join {{ ref('organisation_types') }} as organisation_types
        on indicator_types.org_type = organisation_types.org_type
),

final as (
    select
        indicators.indicator_id,
        computed.short_name,
        'the registry and the models have not the same indicators' as fault
    from indicators
    full outer join computed
        on indicators.short_name = computed.short_name
    where indicators.short_name is null or computed.short_name is null
    union all
    select
        indicator_id,
        null as short_name,
        'org_type has a type that is in no class' as fault
    from indicator_classes
    where organisation_class is null
    union all
    select
        indicators.indicator_id,
        indicators.short_name,
        'area_class is no class of org_type' as fault
    from indicators
    left join indicator_classes
        on
            indicators.indicator_id = indicator_classes.indicator_id
            and indicators.area_class = indicator_classes.organisation_class
    where indicator_classes.indicator_id is null
    union all
    select
        parts.indicator_id,
        parts.short_name,
        'counted_within names one of another area_class, or one that is counted within a third'
            as fault
    from indicators as parts
    inner join indicators as wholes
        on parts.counted_within = wholes.indicator_id
    where parts.area_class is distinct from wholes.area_class or wholes.counted_within is not null
)

select * from final
