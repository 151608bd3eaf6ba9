{{ config(materialized='view') }}

{% for feed in monthly_feeds() -%}
    select
        '{{ feed }}' as feed,
        submission_id,
        line_number,
        {{ month_start('row_date') }} as month_start_date,
        submitted_organisation_code,
        {% if not feed.startswith('esr_') %}cast(null as varchar) as {% endif %}staff_group,
        record_key,
        likeness,
        as_received
    from {{ ref('int_rows__' ~ feed) }}
    where
        is_effective
        {% if feed == 'epact' -%}
            -- Lines of several practices may agree where it is not said whose they are.
            and practice_code is not null
        {%- endif %}
    union all
{% endfor -%}
select
    'population' as feed,
    population.submission_id,
    population.line_number,
    cast(null as date) as month_start_date,
    population.pct_code as submitted_organisation_code,
    cast(null as varchar) as staff_group,
    population.record_key,
    {{ row_hash([
        'population.pct_code', 'population.population_year', 'population.age_band',
        'population.sex', 'population.deprivation_quintile', 'population.population',
    ]) }} as likeness,
    population.as_received
from {{ ref('stg_population') }} as population
inner join {{ ref('int_submissions') }} as submissions
    on population.submission_id = submissions.submission_id
