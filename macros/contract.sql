{% macro feed_contract(feed) %}
    {#- The source node of a feed; its columns and config.meta are the contract. -#}
    {%- set nodes = graph.sources.values() | selectattr('source_name', 'equalto', 'lake')
        | selectattr('name', 'equalto', feed) | list -%}
    {%- if nodes | length != 1 -%}
        {{ exceptions.raise_compiler_error("No contract for the feed '" ~ feed ~ "' in models/staging") }}
    {%- endif -%}
    {{ return(nodes[0]) }}
{% endmacro %}


{% macro periodic_feeds() %}
    {#- Feeds whose rows belong to a calendar month; the other feeds are reference data. -#}
    {{ return([
        'hes_apc', 'hes_op', 'epact', 'epd', 'esr_absence', 'nhse_sickness', 'esr_movement',
        'nhse_turnover', 'finance', 'bppc', 'procurement',
    ]) }}
{% endmacro %}


{% macro activity_feeds() -%}
    {#- Feeds of care, whose rows belong to a trust and to a PCT, as a list for SQL. -#}
    'hes_apc', 'hes_op'
{%- endmacro %}


{% macro prescribing_feeds() %}
    {#- Feeds of prescribing, in which a hyphen is a value and a practice may say which group is meant. -#}
    {{ return(['epact', 'epd']) }}
{% endmacro %}


{% macro code_columns(feed) %}
    {#- The staged columns of a feed that hold codes of organisations and commissioners. -#}
    {%- if not execute -%}{{ return(['*']) }}{%- endif -%}
    {%- set meta = feed_contract(feed).config.meta -%}
    {%- set columns = [] -%}
    {%- for column in [meta.organisation_column] + meta.get('commissioner_columns', []) -%}
        {% do columns.append(staged_name(feed, column)) %}
    {%- endfor -%}
    {{ return(columns) }}
{% endmacro %}


{% macro staged_name(feed, column_name) %}
    {#- The name that a contract column has in its staging model. -#}
    {%- set column = feed_contract(feed).columns[column_name] -%}
    {{ return(column.config.meta.get('rename', column_name)) }}
{% endmacro %}


{% macro typed_columns(feed, are_read=false) %}
    {#-
        The select list of a feed's staging model: every contract column cast to its type and renamed. are_read: the
        judged fields have been read before, by read_fields.
    -#}
    {%- if execute -%}
        {%- set contract = feed_contract(feed) -%}
        {%- set dummy_dates = contract.config.meta.get('dummy_dates', []) -%}
        {%- set read = judged_fields(feed) | map(attribute='name') | list if are_read else [] -%}
        {%- for column in contract.columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- if column.name not in read -%}
                {{ cast_as_received(column.name, meta, dummy_dates, '_decimal_comma') }}
            {%- elif meta.type == 'date' -%}
                {{ unless_dummy_date('read_' ~ column.name, dummy_dates) }}
            {%- else -%}
                read_{{ column.name }}
            {%- endif %} as {{ meta.get('rename', column.name) }}
            {%- if not loop.last -%},{{ '\n        ' }}{%- endif -%}
        {%- endfor -%}
    {%- else -%}
        *
    {%- endif -%}
{% endmacro %}


{% macro record_columns(feed) %}
    {#-
        The select list of what a feed's staging model keeps of a row as it came: which of its measures cannot be
        read (unread_measures, of feeds that have measures), whether a code of it is given and none that is accepted
        (is_of_no_category, of reference feeds), its own key, and, where rows without a key of their own are
        compared, its text (Rulebook 1.15).
    -#}
    {%- if execute -%}
        {%- set contract = feed_contract(feed) -%}
        {%- set measures = contract.columns.values() | selectattr('config.meta.measure', 'true') | list -%}
        {%- if measures -%}
            {{ unread_measures(measures) }} as unread_measures,
        {% endif -%}
        {%- set categories = contract.columns.values() | selectattr('config.meta.accepted_values') | list -%}
        {%- if categories and not contract.config.meta.periodic -%}
            {{ is_of_no_category(categories) }} as is_of_no_category,
        {% endif -%}
        {{ key_as_received(contract) }} as record_key
        {%- if "'" ~ feed ~ "'" not in activity_feeds() -%}
            ,
        {{ text_as_received(contract) }} as as_received
        {%- endif -%}
    {%- else -%}
        cast(null as varchar) as record_key
    {%- endif -%}
{% endmacro %}


{% macro unread_measures(measures) -%}
    {#- Staged names of the measures that are given and not read, or required and missing; null: none. -#}
    nullif(concat_ws(
        ','
        {%- for column in measures -%}
            {%- set meta = column.config.meta -%}
            ,
            case
                when {{ cast_as_received(column.name, meta, decimal_comma='_decimal_comma') }} is null
                    {%- if not meta.get('required') %}
                    and {{ given_text(column.name) }} is not null
                    {%- endif %}
                    then '{{ meta.get('rename', column.name) }}'
            end
        {%- endfor %}
    ), '')
{%- endmacro %}


{% macro is_of_no_category(columns) -%}
    {#- Whether a code is given and is none that is accepted, as a total over a category has one; never null. -#}
    (
        {%- for column in columns %}
        ({{ cast_as_received(column.name, column.config.meta) }} is null and {{ given_text(column.name) }} is not null)
        {%- if not loop.last %} or{% endif %}
        {%- endfor %}
    )
{%- endmacro %}


{% macro key_as_received(contract) -%}
    {#-
        The parts of the record key joined by |; a part that is not read stands as received, in capitals. A missing
        part is empty; a key of one part that is missing is none (null).
    -#}
    {%- set record_key = contract.config.meta.record_key -%}
    {%- for name in record_key -%}
        {%- set meta = contract.columns[name].config.meta -%}
        coalesce(
            cast({{ cast_as_received(name, meta, decimal_comma='_decimal_comma') }} as varchar(255)), upper({{ given_text(name) }})
            {%- if record_key | length > 1 %}, ''{% endif %}
        )
        {%- if not loop.last %} || '|' || {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{% macro text_as_received(contract) -%}
    {#- The contract's columns as received, quoted and with commas between; null is nothing at all. -#}
    {%- for name in contract.columns -%}
        coalesce('"' || replace({{ name }}, '"', '""') || '"', '')
        {%- if not loop.last %} || ',' ||
        {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{% macro cast_as_received(column, meta, dummy_dates=[], decimal_comma=none) %}
    {#-
        A value that is missing, suppressed or invalid becomes null (Rulebook 1.15); ingest counts which. Where a comma
        may be a decimal one (decimal_comma: SQL of whether), no number with a comma is read.
    -#}
    {%- set accepted = meta.get('accepted_values') -%}
    {%- if meta.type == 'text' -%}
        {%- set value = column -%}
    {%- elif meta.type == 'code' and meta.get('pad') -%}
        {%- set value = pad_code(column, meta.pad) -%}
    {%- elif meta.type == 'code' -%}
        {%- set value = 'upper(' ~ column ~ ')' -%}
    {%- elif meta.type == 'integer' -%}
        {%- set value = text_to_integer(column) -%}
    {%- elif meta.type == 'double' -%}
        {%- set value = text_to_double(column, meta.get('unit')) -%}
    {%- elif meta.type == 'date' -%}
        {%- set value = text_to_date(column, dummy_dates) -%}
    {%- elif meta.type == 'month' and meta.get('day') == 'last' -%}
        {%- set value = 'last_day(' ~ text_to_month(column) ~ ')' -%}
    {%- elif meta.type == 'month' -%}
        {%- set value = text_to_month(column) -%}
    {%- else -%}
        {{ exceptions.raise_compiler_error("Unknown type '" ~ meta.type ~ "' of " ~ column) }}
    {%- endif -%}
    {%- if decimal_comma and meta.type in ['integer', 'double'] -%}
        {%- set value -%}
    case when {{ decimal_comma }} and {{ column }} like '%,%' then null else {{ value }} end
        {%- endset -%}
    {%- endif -%}
    {%- if accepted and meta.type in ['text', 'code'] -%}
        {{ accepted_code(column, value, accepted, meta.get('spellings', {})) }}
    {%- elif accepted -%}
        case when {{ is_one_of(value, accepted | join(', ')) }} then {{ value }} end
    {%- elif meta.type in ['text', 'code'] -%}
        {{ unless_null_word(column, value) }}
    {%- else -%}
        {{ value }}
    {%- endif -%}
{% endmacro %}


{% macro stands_in_for(feed) %}
    {#- The local feed in whose place a published one is used where only that covers a month; none of a local one. -#}
    {%- if execute -%}{{ return(feed_contract(feed).config.meta.get('stands_in_for')) }}{%- endif -%}
{% endmacro %}
