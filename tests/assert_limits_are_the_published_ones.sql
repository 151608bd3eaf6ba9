-- Limits that others have published, by our formulas. byars_ci: test suite of BSOLutils (Birmingham
-- and Solihull ICS, tests/testthat/test-byars_ci.R), as counts. PHStatsMethods: that of the
-- Department of Health and Social Care (ph_statistical_methods/archive/tests_old.py); its upper
-- limit of 100, 121.6246, is not Byar's (121.6279), and is left out. exact: PHEindicatormethods
-- (testdata_funnel_ratio_outputs.csv), found there by iteration to about five decimals.
with

counts as (
    select published.* from (
        values
        ('PHStatsMethods', 100.0, 81.36210549052788, null, null, null, 1e-9),
        ('byars_ci', 10.0, 4.78744992, 18.3914586, null, null, 1e-7),
        ('byars_ci', 50.0, 37.1081, 65.9201567, null, null, 1e-6),
        ('exact', 1.0, 0.025317898, 5.571644585, 0.001000547, 9.233410143, 1e-5),
        ('exact', 2.0, 0.242209467, 7.224687515, 0.04540199, 11.22886836, 1e-5),
        ('exact', 3.0, 0.618671905, 8.767273828, 0.190533306, 13.06224507, 1e-5),
        ('exact', 4.0, 1.089865762, 10.24158653, 0.42855244, 14.79414916, 1e-5),
        ('exact', 5.0, 1.623486324, 11.6683331, 0.739371928, 16.45474478, 1e-5),
        ('exact', 6.0, 2.201894435, 13.0594765, 1.107104434, 18.0616374, 1e-5),
        ('exact', 7.0, 2.814363736, 14.42267712, 1.520336178, 19.62617867, 1e-5),
        ('exact', 8.0, 3.453831154, 15.76318696, 1.970813969, 21.15619716, 1e-5),
        ('exact', 9.0, 4.11537405, 17.08479966, 2.452425215, 22.65737951, 1e-5)
    ) as published (
        source, events, lower_95, upper_95, lower_998, upper_998, tolerance
    )
),

{{ count_limits('counts', 'events') }},

proportions as (
    select published.* from (
        values
        ('PHStatsMethods', 100, 10000, 0.008229336148148417, 0.012146982255114647),
        ('PHStatsMethods', 100, 1000, 0.0829094435930957, 0.1201519631953484)
    ) as published (source, cases, everyone, lower_95, upper_95)
),

proportion_limits as (
    select
        proportions.*,
        {{ wilson_lower(
            'proportions.cases', 'proportions.everyone', 'limit_factors.z_95'
        ) }} as wilson_lower_95,
        {{ wilson_upper(
            'proportions.cases', 'proportions.everyone', 'limit_factors.z_95'
        ) }} as wilson_upper_95
    from proportions
    cross join limit_factors
),

final as (
    select
        source,
        events as observed,
        count_lower_95 as lower_95,
        count_upper_95 as upper_95
    from count_limits
    where
        count_lower_95 is null
        {% for limit in ['lower_95', 'upper_95', 'lower_998', 'upper_998'] -%}
            or abs(count_{{ limit }} - {{ limit }}) > tolerance
        {% endfor -%}
    union all
    select
        source,
        cases as observed,
        wilson_lower_95 as lower_95,
        wilson_upper_95 as upper_95
    from proportion_limits
    where
        not coalesce(
            abs(wilson_lower_95 - lower_95) <= 1e-12 and abs(wilson_upper_95 - upper_95) <= 1e-12,
            false
        )
)

select * from final
