select * from {{ ref('dim_quarter') }}
