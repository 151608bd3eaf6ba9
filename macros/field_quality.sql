{% macro judged_feeds() %}
    {#- Feeds of which each field of a row is judged, and each provider scored. -#}
    {{ return(['hes_apc', 'hes_op']) }}
{% endmacro %}


{% macro judged_fields(feed) %}
    {#-
        The columns of a feed's contract of which each row is told to be valid, default, invalid or missing: those
        with texts that are no value or that say "not known", and the scored ones; in the order of the contract.
    -#}
    {%- set fields = [] -%}
    {%- if execute -%}
        {%- for column in feed_contract(feed).columns.values() -%}
            {%- set meta = column.config.meta -%}
            {%- if meta.type not in ['text', 'code'] or meta.get('accepted_values') or meta.get('default_values')
                or meta.get('is_scored') -%}
                {%- do fields.append(column) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(fields) }}
{% endmacro %}


{% macro fields_of_feeds() -%}
    {#-
        Query of the judged fields: feed, field (as files write its name), its position among the states of a row,
        whether it is scored, and the share of records up to which a default counts as valid.
    -#}
    {%- for feed in judged_feeds() -%}
        {%- set last_feed = loop.last -%}
        {%- for column in judged_fields(feed) %}
            {%- set meta = column.config.meta %}
    select
        '{{ feed }}' as feed,
        '{{ column.name | upper }}' as field,
        {{ loop.index }} as position,
        {{ 'true' if meta.get('is_scored') else 'false' }} as is_scored,
        cast({{ meta.get('default_threshold', 0) }} as double) as default_threshold
            {%- if not (last_feed and loop.last) %}
    union all
            {%- endif %}
        {%- else %}
    select null as feed, null as field, null as position, false as is_scored, null as default_threshold
            {%- if not last_feed %}
    union all
            {%- endif %}
        {%- endfor -%}
    {%- endfor -%}
{%- endmacro %}


{% macro read_fields(feed) -%}
    {#- Select list of the judged fields as read, read_<column>: each is read once, whatever is then asked of it. -#}
    {%- for column in judged_fields(feed) -%}
        {{ cast_as_received(column.name, column.config.meta, decimal_comma='_decimal_comma') }} as read_{{ column.name }}
        {%- if not loop.last -%},{{ '\n        ' }}{%- endif -%}
    {%- else -%}
        null as read_nothing
    {%- endfor -%}
{%- endmacro %}


{% macro field_states(feed) -%}
    {#- The states of a row's fields, read by read_fields, as one text: a letter a field in the order of judged_fields. -#}
    {%- set dummy_dates = feed_contract(feed).config.meta.get('dummy_dates', []) if execute else [] -%}
    concat(
        {%- for column in judged_fields(feed) %}
        {{ field_state(column.name, 'read_' ~ column.name, column.config.meta, dummy_dates) }}{{ ',' if not loop.last }}
        {%- else %}
        ''
        {%- endfor %}
    )
{%- endmacro %}


{% macro field_state(column, value, meta, dummy_dates) -%}
    {#-
        One of v (valid), d (default), i (invalid) and m (missing), never null (Rulebook 8.7). The commonest first:
        what is read as a value, and says something, is none of the other three.
    -#}
    case
        when {{ says_something(value, meta, dummy_dates) }} then 'v'
        when {{ given_text(column) }} is null then 'm'
        when {{ value }} is null then 'i'
        else 'd'
    end
{%- endmacro %}


{% macro says_something(value, meta, dummy_dates) -%}
    {#-
        Whether a value as read is none of those that say "not known"; may be null where there is no value. A default
        that ends in * stands for every code that begins so; those of a date are the dummy dates.
    -#}
    {%- set compared = 'upper(' ~ value ~ ')' if meta.type == 'text' else value -%}
    {%- set whole, conditions = [], [] -%}
    {%- for default in meta.get('default_values', []) -%}
        {%- if meta.type not in ['text', 'code'] -%}
            {%- do whole.append(default) -%}
        {%- elif default.endswith('*') -%}
            {%- do conditions.append(compared ~ " not like '" ~ default[:-1] ~ "%'") -%}
        {%- else -%}
            {%- do whole.append("'" ~ default ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if meta.type == 'date' -%}
        {%- for dummy_date in dummy_dates %}{% do whole.append("date '" ~ dummy_date ~ "'") %}{% endfor -%}
    {%- endif -%}
    {%- if whole -%}
        {%- do conditions.append('not ' ~ is_one_of(compared, whole | join(', '))) -%}
    {%- elif not conditions -%}
        {%- do conditions.append(value ~ ' is not null') -%}
    {%- endif -%}
    {{ conditions | join(' and ') }}
{%- endmacro %}
