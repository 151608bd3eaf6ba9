-- The normal distribution at points of published tables, far out too, and the same on either side:
-- right to 1e-14, and never outside 0 to 1. The figures are those of SciPy's, which are computed in
-- another way.
with

known as (
    select
        cast(points.x as double) as distance,
        cast(points.known_share as double) as known_share
    from (
        values
        (-400.0, 0.0),
        (-6.0, 9.865876450376946e-10),
        (-3.090232306167813, 0.001),
        (-1.959963984540054, 0.025),
        (-1.0, 0.15865525393145707),
        (-0.1, 0.460172162722971),
        (0.0, 0.5),
        (0.1, 0.539827837277029),
        (0.5, 0.6914624612740131),
        (1.0, 0.8413447460685429),
        (1.6448536269514722, 0.95),
        (2.5758293035489004, 0.995),
        (4.0, 0.9999683287581669),
        (7.5, 0.9999999999999681),
        (400.0, 1.0),
        (null, null)
    ) as points (x, known_share)
),

worked_out as (
    select
        distance,
        known_share,
        {{ normal_distribution('distance') }} as found_share
    from known
),

final as (
    select *
    from worked_out
    where
        abs(found_share - known_share) > 1e-14
        or found_share not between 0 and 1
        or (found_share is null) <> (known_share is null)
)

select * from final
