{% macro mapped_months(rows, months_before) %}
    {#-
        CTE mapped_months: monthly rows under the mapping of every quarter that looks at them, which is the one
        that they lie in and those that begin up to some months later (interfaces 5.6.4). Where the local and
        the published format both cover an organisation's month, the local one counts (5.1.7); the local feed's
        name comes first in the alphabet.

        rows: CTE with feed, code (the organisation's, as submitted) and month_start_date. Adds mapping_quarter,
        month_quarter and organisation_code.
    -#}
    mapped_months as (
        select
            quarters.quarter as mapping_quarter,
            {{ nhs_quarter(rows ~ '.month_start_date') }} as month_quarter,
            organisation_map.organisation_code,
            {{ rows }}.*
        from {{ rows }}
        inner join {{ ref('int_quarters') }} as quarters
            on
                {{ rows }}.month_start_date <= quarters.quarter_end_date
                and {{ rows }}.month_start_date >= quarters.quarter_start_date - interval '{{ months_before }}' month
        inner join {{ ref('int_organisation_map') }} as organisation_map
            on
                {{ rows }}.code = organisation_map.code
                and quarters.quarter = organisation_map.quarter
        qualify dense_rank() over (
            partition by quarters.quarter, organisation_map.organisation_code, {{ rows }}.month_start_date
            order by {{ rows }}.feed
        ) = 1
    )
{%- endmacro %}
