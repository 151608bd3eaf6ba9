with

indicators as (
    select * from {{ ref('indicators') }}
    where
        short_name in (
            {% for short_name in computed_indicators() -%}
                '{{ short_name }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
),

effective_months as (
    select distinct
        feed,
        quarter
    from {{ ref('int_submission_months') }}
    where is_effective
),

open_organisations as (
    select * from {{ ref('int_open_organisations') }}
),

feed_quarters as (
    select
        feed,
        quarter,
        organisation_code
    from {{ ref('int_feed_quarters') }}
),

unusable_indicators as (
    select
        indicator_id,
        organisation_code,
        quarter,
        rules
    from {{ ref('int_unusable_indicators') }}
),

indicator_feeds as (
    select
        indicator_id,
        {{ explode_list('feeds') }} as feed
    from indicators
),

indicator_types as (
    select
        indicator_id,
        {{ explode_list('org_type') }} as organisation_type
    from indicators
),

-- Rulebook 1.6: quarters in which a feed that the indicator needs has an effective submission.
indicator_quarters as (
    select distinct
        indicator_feeds.indicator_id,
        effective_months.quarter
    from indicator_feeds
    inner join effective_months
        on indicator_feeds.feed = effective_months.feed
),

submitted as (
    select distinct
        indicator_feeds.indicator_id,
        feed_quarters.quarter,
        feed_quarters.organisation_code
    from indicator_feeds
    inner join feed_quarters
        on indicator_feeds.feed = feed_quarters.feed
),

-- Rulebook 6.49: whoever sent nothing of use for an indicator has, for it, sent nothing.
final as (
    select
        indicators.indicator_id,
        indicators.short_name,
        open_organisations.organisation_code,
        open_organisations.quarter,
        open_organisations.organisation_type,
        open_organisations.organisation_class,
        open_organisations.is_specialist,
        open_organisations.sha_code,
        open_organisations.cluster,
        submitted.organisation_code is not null
        and unusable_indicators.organisation_code is null as is_submitted,
        unusable_indicators.organisation_code is not null as is_unusable,
        unusable_indicators.rules as unusable_reason
    from indicators
    inner join indicator_quarters
        on indicators.indicator_id = indicator_quarters.indicator_id
    inner join indicator_types
        on indicators.indicator_id = indicator_types.indicator_id
    inner join open_organisations
        on
            indicator_quarters.quarter = open_organisations.quarter
            and indicator_types.organisation_type = open_organisations.organisation_type
    left join submitted
        on
            indicators.indicator_id = submitted.indicator_id
            and open_organisations.quarter = submitted.quarter
            and open_organisations.organisation_code = submitted.organisation_code
    left join unusable_indicators
        on
            indicators.indicator_id = unusable_indicators.indicator_id
            and open_organisations.quarter = unusable_indicators.quarter
            and open_organisations.organisation_code = unusable_indicators.organisation_code
    where
        coalesce(indicator_quarters.quarter >= indicators.active_from_quarter, true)
        and coalesce(indicator_quarters.quarter <= indicators.active_to_quarter, true)
)

select * from final
