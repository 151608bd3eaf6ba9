"""Charts of few and of many, with labels that lie close: name, data and options of each."""


def organisations(number: int) -> list[dict]:
    return [
        {
            "code": f"R{place:03d}",
            "label": "A trust of some length" if place % 2 else f"R{place:03d}",
            "value": 70 + 60 * place / number,
            "size": 100 + 31 * place % 977,
            "lower95": 80,
            "upper95": 8967.2 if place == 1 else 120,
            "lower998": 70,
            "upper998": 130,
            "position": "within",
        }
        for place in range(number)
    ]


QUARTERS = [
    f"{year}-{(year + 1) % 100:02d} Q{turn}" for year in range(2006, 2016) for turn in range(1, 5)
]
THRESHOLDS = [{"label": "Best quarter", "value": 99.2}, {"label": "Middle", "value": 99.9}]
CHARTS = {
    **{
        f"{name} of {number}": (
            name,
            organisations(number),
            {
                "unit": "index",
                "direction": "lower",
                "own": "R001",
                "peers": ["R000", "R002", f"R{number - 1:03d}", f"R{number - 2:03d}"],
                "thresholds": THRESHOLDS,
                "centre": 100,
                "sizeLabel": "expected bed days",
            },
        )
        for name in ("bars", "funnel", "histogram", "dots")
        for number in (3, 170)
    },
    "a line of forty quarters": (
        "line",
        [
            {
                "quarter": quarter,
                "value": None if place == 7 else 100 + place % 5,
                "benchmark": 99.8,
                "mean": 100,
                "lower": 99.5,
                "upper": 100.4,
                "segment": "a",
                "variation": ("common_cause", "concern", "improvement")[place % 3],
            }
            for place, quarter in enumerate(QUARTERS)
        ],
        {"unit": "index", "label": "R001"},
    ),
    "six lines that end together": (
        "line",
        None,
        {
            "unit": "proportion",
            "series": [
                {
                    "label": f"Trust {number}",
                    "points": [
                        {"quarter": one, "value": 0.9 + number / 1000} for one in QUARTERS[:8]
                    ],
                }
                for number in range(6)
            ],
        },
    ),
    "nine parts": (
        "waterfall",
        [
            {"label": "2007-08 Q3", "value": 1_200_000, "kind": "total"},
            *(
                {"label": f"A part with a name as long as some, {number}", "value": value}
                for number, value in enumerate((519e3, -4e3, 72e3, 0, -1e3, 2e3, -900e3))
            ),
            {"label": "2007-08 Q4", "value": 888_000, "kind": "total"},
        ],
        {},
    ),
    "money with long names": (
        "money",
        [
            {
                "label": f"University Hospitals of Somewhere and Elsewhere {n}",
                "value": 10e3 - 3e3 * n,
            }
            for n in range(6)
        ],
        {},
    ),
}
