with

payments as (
    select
        organisation_code,
        quarter,
        sum({{ if_read('better_payment', 'within_target_gbp') }}) as within_target_gbp,
        sum({{ if_read('better_payment', 'invoices_paid_gbp') }}) as invoices_paid_gbp
    from {{ ref('int_payment_rows') }}
    where
        quarantine_rule is null
        and not is_set_aside
        and supplier_category = 'NON_NHS'
        and organisation_code is not null
    group by organisation_code, quarter
),

final as (
    select
        organisation_code,
        quarter,
        within_target_gbp as numerator,
        invoices_paid_gbp as denominator,
        cast(null as double) as expected,
        within_target_gbp / nullif(invoices_paid_gbp, 0) as value,
        invoices_paid_gbp as volume,
        cast(null as double) as volume_limit,
        cast(null as double) as price_factor
    from payments
)

select * from final
