-- The clinical balance has a row for every trust and quarter with one of its indicators, their
-- values as the indicator values have them, and a rate of failed day cases that is its own counts'.
{% set indicators = [
    'length_of_stay', 'pre_op_bed_days', 'day_case_rate', 'emergency_readmission'
] -%}
{% set measures = {
    'value': 'value', 'rank': 'national_rank', 'status': 'publication_status'
} -%}
with

indicator_values as (
    select
        results.*,
        indicators.short_name
    from {{ ref('fct_indicator_values') }} as results
    inner join {{ ref('dim_indicator') }} as indicators
        on results.indicator_id = indicators.indicator_id
    where
        indicators.short_name in (
            {% for short_name in indicators -%}
                '{{ short_name }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )
),

rows_wanted as (
    select distinct
        organisation_code,
        quarter
    from indicator_values
),

final as (
    select
        rows_wanted.organisation_code as wanted_organisation_code,
        rows_wanted.quarter as wanted_quarter,
        balance.*
    from rows_wanted
    full outer join {{ ref('fct_clinical_balance') }} as balance
        on
            rows_wanted.organisation_code = balance.organisation_code
            and rows_wanted.quarter = balance.quarter
    {% for short_name in indicators -%}
        left join indicator_values as {{ short_name }}
            on
                rows_wanted.organisation_code = {{ short_name }}.organisation_code
                and rows_wanted.quarter = {{ short_name }}.quarter
                and {{ short_name }}.short_name = '{{ short_name }}'
    {% endfor -%}
    where
        rows_wanted.quarter is null
        or balance.quarter is null
        {% for short_name in indicators -%}
            {% for measure, column in measures.items() -%}
                or balance.{{ short_name }}_{{ measure }}
                is distinct from {{ short_name }}.{{ column }}
            {% endfor -%}
        {% endfor -%}
        or balance.emergency_readmission_rate
        is distinct from emergency_readmission.crude_value
        or {{ differs(
            'balance.failed_day_case_rate',
            'balance.n_failed_day_cases / nullif(balance.n_planned_day_cases, 0)'
        ) }}
        or (balance.n_planned_day_cases is null)
        <> coalesce(day_case_rate.publication_status in ('not_submitted', 'unusable'), false)
        or (balance.n_failed_day_cases is null)
        <> coalesce(day_case_rate.publication_status in ('not_submitted', 'unusable'), false)
        or (balance.n_inpatients_without_a_night is null)
        <> coalesce(day_case_rate.publication_status in ('not_submitted', 'unusable'), false)
)

select * from final
