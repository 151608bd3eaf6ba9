-- What a public release says of each row of its values, and of which data and code they are: figures
-- of shown rows to the last digit, ranks as released, of hidden rows none (Rulebook 10.9).
select
    cast($release as varchar) as release,
    'public' as kind,
    cast($code_version as varchar) as code_version,
    cast($as_at as date) as as_at,
    cast($published_at as timestamp) as published_at,
    ledger_rows.indicator_id,
    ledger_rows.organisation_code,
    ledger_rows.quarter,
    ledger_rows.organisation_class,
    case when ledger_rows.disclosure_status = 'shown' then ledger_rows.value end as value,
    ledger_rows.publication_status,
    released.national_rank,
    case
        when ledger_rows.disclosure_status = 'shown' then ledger_rows.opportunity_annual_gbp
    end as opportunity_annual_gbp,
    ledger_rows.is_in_published_total,
    ledger_rows.data_fingerprint,
    ledger_rows.disclosure_status
from intermediate.int_ledger_rows as ledger_rows
left join publication.pub_fct_indicator_values as released
    on
        ledger_rows.indicator_id = released.indicator_id
        and ledger_rows.organisation_code = released.organisation_code
        and ledger_rows.quarter = released.quarter
order by ledger_rows.indicator_id, ledger_rows.quarter, ledger_rows.organisation_code
