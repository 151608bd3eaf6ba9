-- What an organisation did not submit, or not so that it can be used, is missing, and all that
-- would follow from it; what it did submit is there, a nought as a nought. Without a value there is
-- neither rank nor gap nor amount.
with

results as (
    select
        *,
        publication_status in ('published', 'caveat', 'withheld') as has_value,
        publication_status not in ('not_submitted', 'unusable') as is_usable
    from {{ ref('fct_indicator_values') }}
),

final as (
    select *
    from results
    where
        (value is not null) is distinct from has_value
        {% for column in [
            'national_rank', 'quartile', 'gap', 'excess_units', 'opportunity_quarter_gbp',
            'opportunity_annual_gbp', 'opportunity_annual_at_median_gbp',
            'opportunity_annual_at_best_decile_gbp', 'releasable_annual_gbp', 'sha_rank',
            'cluster_rank',
        ] -%}
            or (value is null and {{ column }} is not null)
        {% endfor -%}
        {% for column in [
            'numerator', 'denominator', 'expected', 'crude_value', 'unit_price_gbp'
        ] -%}
            or (not is_usable and {{ column }} is not null)
        {% endfor -%}
        or (publication_status = 'not_submitted' and status_reason is not null)
        or (publication_status = 'unusable' and status_reason is null)
        or (has_value and (numerator is null or denominator is null))
)

select * from final
