{% macro trusts_and_pcts(rows, columns) %}
    {#-
        Rows of care by organisation: once for the trust that gave it and once for the PCT that it was given for,
        each by its code as mapped for the row's quarter (Rulebook 2.4 and 6.1).

        rows: CTE with submitted_provider_code, submitted_pct_code and quarter. columns: further ones to carry.
    -#}
    {%- for code, organisation_class in [('submitted_provider_code', 'trust'), ('submitted_pct_code', 'pct')] %}
    select
        organisation_map.organisation_code,
        organisations.organisation_class,
        {{ rows }}.quarter
        {%- for column in columns %},
        {{ rows }}.{{ column }}
        {%- endfor %}
    from {{ rows }}
    inner join {{ ref('int_organisation_map') }} as organisation_map
        on {{ rows }}.{{ code }} = organisation_map.code and {{ rows }}.quarter = organisation_map.quarter
    inner join {{ ref('int_organisations') }} as organisations
        on
            organisation_map.organisation_code = organisations.organisation_code
            and organisations.organisation_class = '{{ organisation_class }}'
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
