{% set values = ['first_published_value', 'last_published_value', 'current_value'] -%}
{% set pounds = [
    'first_published_opportunity_annual_gbp', 'last_published_opportunity_annual_gbp',
    'current_opportunity_annual_gbp',
] -%}
with

released as (
    select * from {{ ref('int_released_values') }}
    where kind = 'public'
),

current_rows as (
    select
        indicator_id,
        organisation_code,
        quarter,
        case when disclosure_status = 'shown' then value end as value,
        case when disclosure_status = 'shown' then opportunity_annual_gbp end
            as opportunity_annual_gbp,
        data_fingerprint,
        disclosure_status
    from {{ ref('int_ledger_rows') }}
),

{{ revisions('released', 'current_rows', 'public_release_number', 'n_public_releases') }},

indicators as (
    select
        indicator_id,
        value_decimals
    from {{ ref('indicators') }}
),

-- A row that is gone is no longer hidden, and what was said of it stands as it was said.
judged as (
    select
        revisions.*,
        indicators.value_decimals,
        coalesce(current_rows.disclosure_status = 'suppressed', false) as is_hidden
    from revisions
    left join indicators
        on revisions.indicator_id = indicators.indicator_id
    left join current_rows
        on
            revisions.indicator_id = current_rows.indicator_id
            and revisions.organisation_code = current_rows.organisation_code
            and revisions.quarter = current_rows.quarter
),

final as (
    select
        indicator_id,
        organisation_code,
        quarter,
        first_release,
        last_release,
        {% for figure in values -%}
            case when not is_hidden then {{ rounded_value(figure, 'value_decimals') }} end
                as {{ figure }},
        {% endfor -%}
        {% for figure in pounds -%}
            case when not is_hidden then {{ rounded_pounds(figure) }} end as {{ figure }},
        {% endfor -%}
        n_releases,
        case when not is_hidden then is_revised end as is_revised,
        data_changed,
        code_changed,
        {{ status_of_hidden() }} as disclosure_status
    from judged
)

select
    *,
    {{ first_day_of_quarter('quarter') }} as quarter_start_date
from final
