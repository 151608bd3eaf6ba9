{{ indicators_side_by_side('trust') }}
