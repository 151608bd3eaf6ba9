with

thresholds as (
    select * from {{ ref('fct_quartile_thresholds') }}
),

hidden_sets as (
    select * from {{ ref('int_hidden_peer_sets') }}
),

indicators as (
    select
        indicator_id,
        value_decimals
    from {{ ref('indicators') }}
),

final as (
    select
        thresholds.indicator_id,
        thresholds.quarter,
        thresholds.organisation_class,
        thresholds.peer_set,
        thresholds.peer_code,
        thresholds.n_organisations,
        {% for name in ['p10', 'p25', 'median', 'p75', 'p90', 'best_quartile_threshold'] -%}
            case
                when hidden_sets.indicator_id is null
                    then {{ rounded_value('thresholds.' ~ name, 'indicators.value_decimals') }}
            end as {{ name }},
        {% endfor -%}
        case when hidden_sets.indicator_id is null then 'shown' else 'suppressed' end
            as disclosure_status,
        thresholds.quarter_start_date
    from thresholds
    inner join indicators
        on thresholds.indicator_id = indicators.indicator_id
    left join hidden_sets
        on
            thresholds.indicator_id = hidden_sets.indicator_id
            and thresholds.quarter = hidden_sets.quarter
            and thresholds.organisation_class = hidden_sets.organisation_class
            and thresholds.peer_set = hidden_sets.peer_set
            and thresholds.peer_code is not distinct from hidden_sets.peer_code
)

select * from final
