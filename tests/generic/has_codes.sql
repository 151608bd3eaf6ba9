{% test has_codes(model, column_name, code, codes) %}
    {#-
        Fails where the rows with a value of a column do not have exactly certain codes: a code that is lost, added
        or put under another value breaks no key and is no empty field. An error with the codes, since dbt does not
        say which rows a test found.
    -#}
    with

    wanted as (
        {% for value, value_codes in codes.items() -%}
            {% set outer = loop -%}
            {% for value_code in value_codes -%}
                select
                    '{{ value }}' as wanted_value,
                    '{{ value_code }}' as wanted_code
                {% if not (loop.last and outer.last) %}union all{% endif %}
            {% endfor -%}
        {% endfor %}
    ),

    found as (
        select distinct
            lower(cast({{ column_name }} as varchar)) as found_value,
            cast({{ code }} as varchar) as found_code
        from {{ model }}
        where
            lower(cast({{ column_name }} as varchar)) in (
                {% for value in codes -%}
                    '{{ value | lower }}'{{ ', ' if not loop.last }}
                {%- endfor %}
            )
    ),

    differing as (
        select
            string_agg(
                case
                    when found.found_code is null then wanted.wanted_value || ' has no longer ' || wanted.wanted_code
                    else found.found_value || ' should not have ' || found.found_code
                end,
                ', ' order by coalesce(wanted.wanted_value, found.found_value), coalesce(wanted.wanted_code, found.found_code)
            ) as differences
        from wanted
        full outer join found
            on lower(wanted.wanted_value) = found.found_value and wanted.wanted_code = found.found_code
        where wanted.wanted_code is null or found.found_code is null
    )

    select differences
    from differing
    where
        differences is not null
        and {{ fail_with("'" ~ column_name ~ ": ' || differences") }} is null
{% endtest %}
