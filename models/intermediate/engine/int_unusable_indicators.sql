{{ config(materialized='view') }}

select
    indicator_id,
    organisation_code,
    quarter,
    rules
from {{ ref('int_indicator_usability') }}
where is_unusable
