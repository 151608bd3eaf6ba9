{{ config(materialized='view') }}

with

spells as (
    select
        spell_id,
        organisation_code,
        discharge_quarter,
        deprivation_quintile,
        admission_group,
        admission_date,
        discharge_date,
        primary_procedure,
        primary_procedure_date
    from {{ ref('int_spells') }}
    where is_counted and is_ordinary and primary_procedure is not null
),

non_operations as (
    select opcs_regex from {{ ref('procedure_groups') }}
    where group_id = 'non_operation'
),

procedures as (
    select distinct primary_procedure from spells
),

operations as (
    select procedures.primary_procedure
    from procedures
    left join non_operations
        on {{ matches('procedures.primary_procedure', 'non_operations.opcs_regex') }}
    group by procedures.primary_procedure
    having count(non_operations.opcs_regex) = 0
),

dated as (
    select
        spells.spell_id,
        spells.organisation_code,
        spells.discharge_quarter,
        spells.deprivation_quintile,
        spells.admission_group,
        spells.primary_procedure,
        spells.primary_procedure_date
        between spells.admission_date and spells.discharge_date as has_valid_date,
        {{ days_between('spells.admission_date', 'spells.primary_procedure_date') }}
            as days_before_operation
    from spells
    inner join operations
        on spells.primary_procedure = operations.primary_procedure
),

-- Rulebook 5.2: an operation dated outside the stay says nothing of the wait for it; long waits
-- are usually medical and are capped.
final as (
    select
        'pre_op_bed_days' as short_name,
        spell_id,
        organisation_code,
        discharge_quarter as quarter,
        deprivation_quintile,
        left(primary_procedure, 3) || '|' || admission_group as casemix_cell,
        left(primary_procedure, 1) || '|' || admission_group as wider_casemix_cell,
        case
            when has_valid_date
                then
                    cast(
                        least(days_before_operation, {{ parameter('preop_days_limit') }}) as double
                    )
        end as observed
    from dated
)

select * from final
