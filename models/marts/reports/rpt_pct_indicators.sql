{{ indicators_side_by_side('pct') }}
