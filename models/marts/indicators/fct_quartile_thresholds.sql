with

thresholds as (
    select * from {{ ref('int_peer_thresholds') }}
),

final as (
    select
        indicator_id,
        quarter,
        organisation_class,
        peer_set,
        peer_code,
        n_organisations,
        p10,
        p25,
        median,
        p75,
        p90,
        best_quartile_threshold
    from thresholds
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
