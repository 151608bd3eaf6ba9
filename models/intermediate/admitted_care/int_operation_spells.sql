with

spells as (
    select * from {{ ref('int_spells') }}
    where is_ordinary and is_clinical and discharge_date is not null
),

non_operations as (
    select opcs_regex from {{ ref('procedure_groups') }}
    where group_id = 'non_operation'
),

procedures as (
    select distinct primary_procedure from spells
    where primary_procedure is not null
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
        spells.discharge_quarter as quarter,
        spells.admission_group,
        spells.treatment_function,
        spells.consultant_code,
        spells.pct_code,
        coalesce(spells.hrg4, spells.hrg35) as hrg_code,
        spells.primary_procedure,
        coalesce(
            spells.primary_procedure_date between spells.admission_date and spells.discharge_date,
            false
        ) as has_valid_operation_date,
        {{ days_between('spells.admission_date', 'spells.primary_procedure_date') }}
            as days_before_operation
    from spells
    inner join operations
        on spells.primary_procedure = operations.primary_procedure
),

final as (
    select
        spell_id,
        organisation_code,
        quarter,
        admission_group,
        treatment_function,
        consultant_code,
        pct_code,
        hrg_code,
        primary_procedure,
        left(primary_procedure, 3) || '|' || admission_group as casemix_cell,
        left(primary_procedure, 1) || '|' || admission_group as collapsed_casemix_cell,
        has_valid_operation_date,
        case when has_valid_operation_date then days_before_operation end as preop_days,
        case
            when has_valid_operation_date
                then least(
                    days_before_operation,
                    {{ parameter('preop_days_limit') }}
                )
        end as capped_preop_days
    from dated
)

select * from final
