// Figures of one organisation: an indicator through time, why its money changed, where it lies.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el, words } = BCBV;
    const F = BCBV.figures;
    const { isNumber } = F;

    // What a change is made of, and why a part moved, up and down.
    const PARTS = [
        ["performance_gbp", "its own figures were worse", "its own figures were better"],
        ["benchmark_gbp", "the best quarter got better", "the best quarter slipped"],
        ["volume_gbp", "there was more work", "there was less work"],
        ["price_and_mix_gbp", "prices or the mix of work rose", "prices or the mix of work fell"],
        [
            "reporting_gbp", "data came that were missing before",
            "data that were there before are missing or withheld",
        ],
        ["organisations_gbp", "organisations opened or merged", "organisations closed or merged"],
        ["scope_gbp", "more indicators count", "fewer indicators count"],
    ];
    const partName = (key) => BCBV.name("part", key);

    const variationWords = {
        improvement: "more than its usual variation, for the better",
        concern: "more than its usual variation, for the worse",
        neutral: "more than its usual variation",
        common_cause: "no more than its usual variation",
    };
    const SIGNALS = {
        outside: "a point beyond the limits", shift: "seven points in a row on one side of the mean",
        trend: "seven points in a row rising or falling",
        two_of_three: "two of three points near a limit",
    };

    // What can be said of where the last point stands among those before it.
    function trendWords(trend, indicator) {
        if (!trend) return "no figure to follow";
        if (variationWords[trend.variation]) return variationWords[trend.variation];
        if (indicator.trend_method === "none") {
            return "quarters overlap or lie too unevenly for limits: read the line alone";
        }
        return trend.n_points < 7
            ? `${trend.n_points} ${trend.n_points === 1 ? "point" : "points"} since the data were last comparable: too few for limits`
            : "no limits can be reckoned";
    }

    const SHORT = {
        improvement: "improving", concern: "worsening", neutral: "moved", common_cause: "usual variation",
    };

    // Trend in a table: a sign and a word.
    function trendCell(trend) {
        const kind = trend && trend.variation;
        const text = kind ? SHORT[kind] : "too few points";
        const sign = BCBV.charts.trend(kind, {
            rises: trend && isNumber(trend.change) && trend.change !== 0 ? trend.change > 0 : null,
        });
        sign.setAttribute("aria-hidden", "true");
        sign.setAttribute("class", "sign");
        return el("span", { class: "trend" }, sign, " ", text);
    }

    // An indicator of one organisation, quarter by quarter: values joined with their trend.
    function joined(values, trend) {
        const byQuarter = new Map(trend.map((row) => [row.quarter, row]));
        return values.map((row) => ({ ...byQuarter.get(row.quarter), ...row }));
    }

    function throughTime(rows, about) {
        const { indicator } = about;
        const known = rows.filter((row) => isNumber(row.value));
        if (!known.length) {
            return F.figureless("Through time", "There is no figure in any quarter: "
                + [...new Set(rows.map((row) => words.statusWords(row.publication_status, row.disclosure_status)))]
                    .join("; ") + ".");
        }
        const last = rows.find((row) => row.quarter === about.quarter);
        const hasLimits = rows.some((row) => isNumber(row.mean));
        const extent = window.d3.extent(known, (row) => row.value);
        const missing = rows.filter((row) => !isNumber(row.value));
        const said = last && isNumber(last.value) ? trendWords(last, indicator) : "no figure in this quarter";
        const trial = last && last.is_trial && isNumber(last.mean)
            ? " Fewer than 13 points: the limits are on trial." : "";
        return BCBV.figure({
            of: F.subject(about),
            title: "Through time",
            subtitle: F.sentence(`${said}.`)
                + (hasLimits ? ` Shaded: limits of its own variation.${trial}` : ""),
            alt: `${indicator.name} in ${known.length} quarters, from ${words.valueText(extent[0], indicator.unit)}`
                + ` to ${words.valueText(extent[1], indicator.unit)}; the last, ${known.at(-1).quarter},`
                + ` ${words.valueText(known.at(-1).value, indicator.unit)}: ${said}.`,
            svg: (width) => BCBV.charts.line(rows.map((row) => ({
                quarter: row.quarter, value: row.value, benchmark: row.benchmark_value, mean: row.mean,
                lower: row.lower_limit, upper: row.upper_limit, segment: row.segment_from_quarter,
                variation: row.variation,
            })), {
                width, unit: indicator.unit, label: about.own, current: about.quarter,
                quarters: BCBV.index.quarterNames,
            }),
            note: missing.length ? "No figure: " + missing.map((row) =>
                `${row.quarter} (${words.statusWords(row.publication_status, row.disclosure_status)})`)
                .join(", ") + "." : null,
            filename: `${about.own} ${indicator.indicator_id} through time`,
            table: timeTable(rows, about),
        });
    }

    function timeTable(rows, about) {
        const { indicator } = about;
        const figure = (key, label) => ({
            key, label, type: "number",
            text: (row) => (isNumber(row[key]) ? words.valueText(row[key], indicator.unit) : null),
        });
        const count = (key, label) => ({
            key, label, type: "number",
            text: (row) => (isNumber(row[key]) ? words.countText(row[key]) : null),
        });
        return {
            filename: `${about.own} ${indicator.indicator_id} through time`,
            columns: [
                { key: "quarter", label: "Quarter", header: true },
                figure("value", "Value"),
                count("numerator", F.sentence(indicator.numerator_label || "numerator")),
                count("denominator", F.sentence(indicator.denominator_label || "denominator")),
                figure("benchmark_value", "Best quarter"),
                {
                    key: "national_rank", label: "Rank", type: "number",
                    text: (row) => (isNumber(row.national_rank)
                        ? `${row.national_rank} of ${row.n_ranked}` : null),
                },
                figure("mean", "Mean"), figure("lower_limit", "Lower limit"),
                figure("upper_limit", "Upper limit"),
                { key: "signal", label: "Signal", text: (row) => SIGNALS[row.signal] },
                {
                    key: "publication_status", label: "Status", node: F.statusCell,
                    sortKey: F.statusCode, csv: F.statusCode,
                },
            ],
            rows,
        };
    }

    const sum = (gbp) => (isNumber(gbp) ? words.poundsText(gbp) : "no figure");

    // "It rose by £588k, from £209k to £796k: £519k because ..., less £4k because ..."
    function changeWords(change) {
        const by = change.change_gbp;
        const from = words.quarterWords(change.from_quarter).replace(/ \(.*/, "");
        const start = Math.abs(by) < 500
            ? `As in ${from}: ${words.poundsText(change.opportunity_to_gbp)}.`
            : `${by > 0 ? "Up" : "Down"} ${words.poundsText(Math.abs(by))} since ${from}, from `
                + `${sum(change.opportunity_from_gbp)} to ${sum(change.opportunity_to_gbp)}.`;
        const parts = PARTS.map(([key, up, down]) => ({ amount: change[key], up, down }))
            .filter(({ amount }) => isNumber(amount) && Math.abs(amount) >= 500)
            .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
            .map(({ amount, up, down }) => (amount > 0
                ? `${words.poundsText(amount)} more because ${up}`
                : `${words.poundsText(-amount)} less because ${down}`));
        return parts.length ? `${start} ${F.sentence(parts.join("; "))}.` : start;
    }

    function changed(change, about) {
        const title = "What changed, and why";
        if (!change) {
            return F.figureless(title, about.indicator.price_basis === "none"
                ? "This indicator has no price: no pounds that could change."
                : "There is nothing to compare with: no figure of an earlier quarter.");
        }
        if (F.isHidden(change)) {
            return F.figureless(title, "Suppressed: one of the two quarters has fewer than 8 cases, hidden to protect patients.");
        }
        const parts = PARTS.filter(([key]) => isNumber(change[key]) && change[key] !== 0);
        const bars = [
            { label: change.from_quarter, value: change.opportunity_from_gbp || 0, kind: "total" },
            ...parts.map(([key]) => ({ label: partName(key), value: change[key], kind: "part" })),
            { label: change.quarter, value: change.opportunity_to_gbp || 0, kind: "total" },
        ];
        const said = changeWords(change);
        return BCBV.figure({
            of: F.subject(about),
            title, subtitle: said, alt: said,
            svg: (width) => BCBV.charts.waterfall(bars, { width }),
            note: change.n_suppressed ? `Without ${change.n_suppressed} suppressed.`
                : "Pounds a year. Parts are rounded, so that they may miss the sum by a little.",
            filename: `${about.own || change.indicator_id} ${change.quarter} change`,
            table: {
                filename: `${about.own || change.indicator_id} ${change.quarter} change`,
                columns: [
                    { key: "part", label: "Part", header: true },
                    { key: "gbp", label: "£ a year", type: "number", text: (row) => words.poundsFull(row.gbp) },
                ],
                rows: [
                    { part: change.from_quarter, gbp: change.opportunity_from_gbp },
                    ...PARTS.filter(([key]) => isNumber(change[key]))
                        .map(([key]) => ({ part: partName(key), gbp: change[key] })),
                    { part: change.quarter, gbp: change.opportunity_to_gbp },
                ],
            },
        });
    }

    // In the order in which a reader would ask.
    const DIMENSIONS = [
        "hrg_chapter", "hrg", "specialty", "procedure", "condition", "pct", "provider", "practice",
        "consultant",
    ];
    const dimensionName = (name) => BCBV.name("dimension", name);
    const SHOWN = 12;

    function memberName(row) {
        if (row.member === "other") return "Other, with fewer than 8 cases each";
        const name = row.member_name || BCBV.nameOf(row.member);
        if (name && name !== row.member) return `${name} (${row.member})`;
        return row.dimension === "hrg_chapter" ? `Chapter ${row.member}` : row.member;
    }

    // Where the money, or where there is none the excess, lies: the largest members of a dimension.
    function drilldown(rows, about, dimension) {
        const { indicator } = about;
        const members = rows.filter((row) => row.dimension === dimension);
        const hasMoney = members.some((row) => row.opportunity_annual_gbp);
        const hasExcess = members.some((row) => isNumber(row.excess_units) && row.excess_units !== 0);
        const [key, unit, what] = hasMoney ? ["opportunity_annual_gbp", "gbp", "Pounds a year"]
            : hasExcess ? ["excess_units", "count", `${F.sentence(indicator.numerator_label)} more than expected`]
                : ["n_cases", "count", "Cases"];
        const figure = unit === "gbp" ? words.poundsText : words.countText;
        const sorted = members.filter((row) => isNumber(row[key])).sort((a, b) => b[key] - a[key]);
        const top = sorted.slice(0, SHOWN);
        if (!top.length) return BCBV.empty("Nothing is published in this division.");
        return BCBV.figure({
            of: F.subject(about),
            title: `By ${dimensionName(dimension)}`,
            wide: true,
            subtitle: `${what}, the largest first`
                + (sorted.length > SHOWN ? `: ${SHOWN} of ${sorted.length}, all in the table.` : "."),
            alt: `${what}. The largest: ` + top.slice(0, 3)
                .map((row) => `${memberName(row)} ${figure(row[key])}`).join("; ") + ".",
            svg: (width) => BCBV.charts.money(top.map((row) => ({
                label: memberName(row), value: row[key], figure: figure(row[key]),
            })), { width, unit: "gbp" }),
            filename: `${about.own} ${indicator.indicator_id} ${dimension}`,
            table: {
                filename: `${about.own} ${indicator.indicator_id} ${about.quarter} ${dimension}`,
                columns: [
                    {
                        key: "member", label: F.sentence(dimensionName(dimension)), header: true,
                        text: memberName, sortKey: memberName, csv: memberName,
                    },
                    number("n_cases", "Cases", words.countText),
                    number("observed", "Observed", words.countText),
                    number("expected", "Expected", (amount) => words.valueText(amount, "index")),
                    number("excess_units", "Excess", (amount) => words.valueText(amount, "index")),
                    number("opportunity_annual_gbp", "£ a year", words.poundsFull),
                ],
                rows: sorted,
            },
        });
    }

    const number = (key, label, text) => ({
        key, label, type: "number", descendingFirst: true,
        text: (row) => (isNumber(row[key]) ? text(row[key]) : null),
    });

    // What the organisations of the best quarter, the middle and the last quarter had, over time.
    function thresholdsThroughTime(national, about, organisationClass) {
        const { indicator } = about;
        const rows = national.filter((row) => row.organisation_class === organisationClass);
        if (!rows.length) return null;
        const lowerIsBetter = indicator.direction === "lower";
        const series = [
            { label: "Best quarter", key: "best_quartile_threshold" },
            { label: "Middle", key: "median" },
            { label: "Last quarter", key: lowerIsBetter ? "p75" : "p25" },
        ];
        return BCBV.figure({
            of: F.subject(about),
            title: "Are they getting better together?",
            subtitle: `Where the best quarter ends, the middle organisation, and where the last quarter begins; ${F.direction(indicator)}.`,
            alt: series.map(({ label, key }) => `${label}: from ${words.valueText(rows[0][key], indicator.unit)}`
                + ` in ${rows[0].quarter} to ${words.valueText(rows.at(-1)[key], indicator.unit)}`
                + ` in ${rows.at(-1).quarter}`).join(". ") + ".",
            svg: (width) => BCBV.charts.line(null, {
                width, unit: indicator.unit, quarters: BCBV.index.quarterNames,
                series: series.map(({ label, key }) => ({
                    label, points: rows.map((row) => ({ quarter: row.quarter, value: row[key] })),
                })),
            }),
            filename: `${indicator.indicator_id} thresholds through time`,
            table: {
                filename: `${indicator.indicator_id} thresholds through time`,
                columns: [
                    { key: "quarter", label: "Quarter", header: true },
                    { key: "n_organisations", label: "Organisations", type: "number" },
                    ...series.map(({ key, label }) => ({
                        key, label, type: "number",
                        text: (row) => words.valueText(row[key], indicator.unit),
                    })),
                ],
                rows,
            },
        });
    }

    Object.assign(BCBV.figures, {
        DIMENSIONS, changeWords, changed, dimensionName, drilldown, joined, thresholdsThroughTime, throughTime,
        trendCell, trendWords,
    });
})();
