-- Rulebook 10.1: in no published table does a hidden row, or the row of another table that goes
-- with it, have a figure. Which columns a table has the catalogue says; all are figures but those
-- named.
{% set tables = [
    'pub_dim_submission', 'pub_dq_field_quality', 'pub_dq_rule_results', 'pub_dq_scores',
    'pub_dq_submission_status', 'pub_dq_submissions', 'pub_drilldown', 'pub_fct_area_values',
    'pub_fct_equity', 'pub_fct_indicator_statistics', 'pub_fct_indicator_trend',
    'pub_fct_indicator_values', 'pub_fct_opportunity', 'pub_fct_opportunity_change',
    'pub_fct_opportunity_vintages', 'pub_fct_quartile_thresholds', 'pub_fct_revisions',
    'pub_fct_sensitivity', 'pub_rpt_pct_indicators', 'pub_rpt_trust_indicators',
] -%}
{% set without_rows = [
    'pub_dim_dq_rule', 'pub_dim_indicator', 'pub_dim_organisation', 'pub_dim_quarter',
] -%}
{% set kept = [
    'indicator_id', 'organisation_code', 'quarter', 'area_level', 'area_code', 'from_quarter',
    'comparison', 'feed', 'field', 'rule_id', 'submission_id', 'peer_set', 'peer_code', 'fifth',
    'deprivation_quintile', 'quarter_start_date', 'organisation_type', 'organisation_class',
    'is_eligible_for_benchmark', 'publication_status', 'status_reason', 'interval_method',
    'disclosure_status', 'n_suppressed', 'benchmark_value', 'sha_benchmark_value',
    'cluster_benchmark_value', 'first_release', 'last_release', 'n_releases', 'data_changed',
    'code_changed', 'n_organisations', 'n_flagged',
] -%}
{% set kept_of_quality = [
    'period', 'period_start_date', 'period_end_date', 'extract_date', 'sender', 'is_synthetic',
    'inferred', 'file_name', 'checksum_sha256', 'size_bytes', 'landed_at', 'is_effective',
    'unknown_organisation_codes', 'unknown_organisation_gbp', 'unknown_organisation_item_count',
    'container', 'preamble_line_count', 'profile_verdict', 'profile_failures', 'n_months',
    'n_effective_months', 'unclassed_item_count', 'unclassed_gbp', 'coverage',
    'amber_threshold', 'red_threshold', 'n_red', 'n_amber', 'rules_red', 'rules_amber',
    'months_present', 'verdict',
] -%}
{%- if execute -%}
    {%- for node in graph.nodes.values() -%}
        {%- if node.resource_type == 'model' and node.schema == 'publication'
            and node.name not in tables + without_rows -%}
            {{ exceptions.raise_compiler_error(node.name ~ ' is published, and not looked at here') }}
        {%- endif -%}
    {%- endfor -%}
{%- endif -%}
with

hidden_rows as (
    select
        hidden_rows.*,
        indicators.short_name
    from {{ ref('int_hidden_rows') }} as hidden_rows
    inner join {{ ref('indicators') }} as indicators
        on hidden_rows.indicator_id = indicators.indicator_id
),

found as (
    {% for table in tables -%}
        {%- set relation = ref(table) -%}
        {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | list
            if execute else [] -%}
        {%- set area = 'organisation_code' if 'organisation_code' in columns else 'area_code' -%}
        {%- if 'indicator_id' in columns and area in columns and 'quarter' in columns -%}
            {#- The row itself, and what goes with it. #}
            select
                '{{ table }}' as published_table,
                published.indicator_id || ' ' || published.{{ area }} || ' ' || published.quarter
                    as published_row
            from {{ relation }} as published
            inner join hidden_rows
                on
                    published.indicator_id = hidden_rows.indicator_id
                    and published.{{ area }} = hidden_rows.organisation_code
                    and published.quarter = hidden_rows.quarter
            where
                coalesce(
                    {%- for column in columns if column not in kept %}
                    cast(published.{{ column }} as varchar),
                    {%- endfor %}
                    null
                ) is not null
                {%- if 'disclosure_status' in columns %}
                or published.disclosure_status <> 'suppressed'
                {%- endif %}
            union all
        {% endif -%}
        {%- for short_name in report_indicators('trust') + report_indicators('pct')
            if short_name ~ '_status' in columns %}
            select
                '{{ table }}' as published_table,
                '{{ short_name }} ' || published.organisation_code || ' ' || published.quarter
                    as published_row
            from {{ relation }} as published
            inner join hidden_rows
                on
                    published.organisation_code = hidden_rows.organisation_code
                    and published.quarter = hidden_rows.quarter
            where
                hidden_rows.short_name = '{{ short_name }}'
                and (
                    published.{{ short_name }}_status <> 'suppressed'
                    or coalesce(
                        {%- for column in columns
                            if column.startswith(short_name) and column != short_name ~ '_status' %}
                        cast(published.{{ column }} as varchar),
                        {%- endfor %}
                        null
                    ) is not null
                )
            union all
        {% endfor -%}
        {%- if 'disclosure_status' in columns %}
            {#- Whatever else a table says is suppressed. #}
            select
                '{{ table }}' as published_table,
                concat_ws(
                    ' '
                    {%- for column in columns if column in kept and column in [
                        'indicator_id', 'area_code', 'organisation_code', 'quarter', 'rule_id',
                        'submission_id', 'peer_set', 'peer_code',
                    ] -%}
                        , {{ column }}
                    {%- endfor -%}
                ) as published_row
            from {{ relation }}
            where
                disclosure_status = 'suppressed'
                and coalesce(
                    {%- for column in columns if column not in kept + kept_of_quality %}
                    cast({{ column }} as varchar),
                    {%- endfor %}
                    null
                ) is not null
            union all
        {% endif -%}
    {%- endfor %}
    select
        cast(null as varchar) as published_table,
        cast(null as varchar) as published_row
    from hidden_rows
    where false
)

select * from found
