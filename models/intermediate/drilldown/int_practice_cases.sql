{{ allocated_cases(
    'practice_code', ['surgical_thresholds', 'emergency_admissions', 'outpatient_referrals']
) }}
