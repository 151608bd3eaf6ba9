{% macro gated_indicators() %}
    {#-
        CTEs indicator_feeds, rule_feeds and gated_indicators: which rule, where it fails in a feed, gates which
        indicator.
    -#}
    indicator_feeds as (
        select
            indicator_id,
            {{ explode_list('feeds') }} as feed
        from {{ ref('indicators') }}
    ),

    rule_feeds as (
        select
            rule_id,
            gates_indicators,
            {{ explode_list('feeds') }} as feed
        from {{ ref('dq_rules') }}
        where treatment = 'gate'
    ),

    -- Rulebook 6.1: a rule of a feed gates every indicator of that feed, unless it names which. No
    -- indicator is of a feed of reference data: its rules name whom they gate.
    gated_indicators as (
        select distinct
            indicator_feeds.indicator_id,
            rule_feeds.rule_id,
            rule_feeds.feed
        from indicator_feeds
        inner join rule_feeds
            on
                indicator_feeds.feed = rule_feeds.feed
                or rule_feeds.feed not in (
                    {% for feed in periodic_feeds() -%}
                        '{{ feed }}'{{ ',' if not loop.last }}
                    {% endfor -%}
                )
        where
            rule_feeds.gates_indicators is null
            or ';'
            || rule_feeds.gates_indicators
            || ';' like '%;'
            || indicator_feeds.indicator_id
            || ';%'
    )
{%- endmacro %}
