// England: how much, of what, since when and why, and what it hangs on.
(function () {
    "use strict";

    const { el, words } = BCBV;
    // What the choice of an indicator is called in a title.
    const titleOf = (id) => (id === "ALL" ? "The published total" : BCBV.indicatorName(id));
    const PARTS = Object.keys(BCBV.names("part"));
    const pounds = (key, label, more) => ({
        key, label, type: "number", descendingFirst: true,
        text: (row) => (row[key] === null ? null : words.poundsFull(row[key])), ...more,
    });
    const count = (key, label) => ({
        key, label, type: "number", descendingFirst: true,
        text: (row) => (row[key] === null ? null : words.countText(row[key])),
    });

    const of = (rows, id, quarter) =>
        rows.find((row) => row.indicator_id === id && row.quarter === quarter);

    BCBV.view("england", {
        title: () => "England",
        load: () => ["e"],
        render(root, state) {
            const rows = BCBV.rows("e", "opportunity");
            const all = of(rows, "ALL", state.quarter);
            if (!all) {
                root.append(BCBV.empty(`No indicator with a price has a figure in ${state.quarter}.`));
                return;
            }
            root.append(
                answer(all, of(rows, "ALL_NETTED", state.quarter), state),
                whereItIs(rows, state),
                throughTime(rows, state),
                whyItChanged(state),
                whatItHangsOn(state),
                regions(state),
                whatWasCounted(state),
                vintages(state),
            );
        },
    });

    function answer(all, netted, state) {
        const change = BCBV.rows("e", "change").find((row) => row.indicator_id === "ALL"
            && row.quarter === state.quarter && row.comparison === "previous");
        return el("div", {},
            el("p", { class: "answer" },
                el("span", { class: "big" }, `${words.poundsText(all.opportunity_annual_gbp)} a year`),
                "is what care above the level of the best quarter costs: what would be saved if every "
                + "organisation were as good as the best quarter of its kind, going by "
                + `${words.quarterWords(state.quarter)}.`),
            el("dl", { class: "facts" },
                fact("With bed days counted once",
                    netted ? words.poundsText(netted.opportunity_annual_gbp) : "–"),
                fact("Without doubtful data", words.poundsText(all.opportunity_annual_unflagged_gbp)),
                fact("Of it, could be turned into cash", words.poundsText(all.releasable_annual_gbp)),
                fact(change ? `Since ${change.from_quarter}` : "Since the quarter before",
                    change ? BCBV.changeWords(change.change_gbp) : "no quarter before"),
                fact("Organisations with an amount", words.countText(all.n_organisations))),
            all.n_suppressed ? el("p", { class: "quiet-text" }, BCBV.suppressedWords(all.n_suppressed)) : null);
    }

    const fact = (term, value) => el("div", {}, el("dt", {}, term), el("dd", {}, value));

    // ---- where the money is -------------------------------------------------------------------

    function whereItIs(rows, state) {
        const now = rows.filter((row) => row.quarter === state.quarter);
        const priced = now.filter((row) => BCBV.index.indicatorById[row.indicator_id])
            .sort((a, b) => b.opportunity_annual_gbp - a.opportunity_annual_gbp);
        const inside = priced.filter((row) => BCBV.isInTotal(row.indicator_id, state.quarter));
        const beside = priced.filter((row) => !BCBV.isInTotal(row.indicator_id, state.quarter));
        const all = now.find((row) => row.indicator_id === "ALL");
        const netted = now.find((row) => row.indicator_id === "ALL_NETTED");
        const bars = inside.map((row) => ({
            label: BCBV.shortName(row.indicator_id), value: row.opportunity_annual_gbp, kind: "share",
        }));
        bars.push({ label: "As published", value: all.opportunity_annual_gbp, kind: "total" });
        if (netted) {
            bars.push({
                label: "Counted twice",
                value: netted.opportunity_annual_gbp - all.opportunity_annual_gbp, kind: "share",
            }, { label: "Bed days counted once", value: netted.opportunity_annual_gbp, kind: "total" });
        }
        const largest = inside[0];
        return BCBV.section("Where the money is",
            el("p", { class: "lead" }, largest
                ? `${BCBV.indicatorName(largest.indicator_id)} is the largest part: `
                    + `${words.poundsText(largest.opportunity_annual_gbp)} of `
                    + `${words.poundsText(all.opportunity_annual_gbp)}.` : ""),
            el("div", { class: "figures" },
                BCBV.figure({
                    title: "How the total is made up",
                    subtitle: "Pounds a year. Days before an operation are also days of stay: the "
                        + "published total has them twice, the last line once.",
                    alt: `Bars. ${bars.map((bar) => `${bar.label} ${words.poundsText(bar.value)}`).join("; ")}.`,
                    svg: (width) => BCBV.charts.waterfall(bars, { width }),
                    table: {
                        columns: [{ key: "label", label: "Part", header: true }, pounds("value", "£ a year")],
                        rows: bars,
                    },
                    filename: `england-total-${state.quarter}`,
                }),
                beside.length ? BCBV.figure({
                    title: "Priced, but not in the total",
                    subtitle: "Pounds a year of indicators that the published total left out in this quarter.",
                    alt: `Bars. ${beside.map((row) => `${BCBV.shortName(row.indicator_id)} `
                        + words.poundsText(row.opportunity_annual_gbp)).join("; ")}.`,
                    svg: (width) => BCBV.charts.money(beside.map((row) => ({
                        label: BCBV.shortName(row.indicator_id), value: row.opportunity_annual_gbp,
                    })), { width }),
                    table: {
                        columns: [
                            { key: "indicator_id", label: "Indicator", header: true,
                                text: (row) => BCBV.indicatorName(row.indicator_id) },
                            pounds("opportunity_annual_gbp", "£ a year"),
                        ],
                        rows: beside,
                    },
                    filename: `england-beside-total-${state.quarter}`,
                }) : null),
            BCBV.table({
                caption: `Opportunity by indicator, ${state.quarter}, pounds a year`,
                filename: `england-opportunity-${state.quarter}`,
                columns: [
                    { key: "indicator_id", label: "Indicator", header: true, node: indicatorCell,
                        sortKey: (row) => BCBV.indicatorName(row.indicator_id) },
                    { key: "is_in_total", label: "In the total", text: (row) => (row.is_in_total ? "yes" : "no") },
                    pounds("opportunity_annual_gbp", "At the best quarter"),
                    pounds("opportunity_annual_at_median_gbp", "At the median"),
                    pounds("opportunity_annual_at_best_decile_gbp", "At the best tenth"),
                    pounds("opportunity_annual_unflagged_gbp", "Without doubtful data"),
                    pounds("opportunity_annual_activity_adjusted_gbp", "At the first quarter’s activity"),
                    count("n_organisations", "Organisations"),
                    count("n_flagged", "With doubtful data"),
                    ...(now.some((row) => row.n_suppressed) ? [count("n_suppressed", "Left out, suppressed")] : []),
                ],
                rows: [...inside, ...beside, all, ...(netted ? [netted] : [])].map((row) => ({
                    ...row, is_in_total: BCBV.isInTotal(row.indicator_id, state.quarter)
                        || row.indicator_id.startsWith("ALL"),
                })),
                rowClass: (row) => (row.indicator_id === "ALL" ? "total"
                    : row.indicator_id === "ALL_NETTED" ? "strong" : null),
            }));
    }

    const indicatorCell = (row) => (BCBV.index.indicatorById[row.indicator_id]
        ? el("a", { href: BCBV.link("indicator", { id: row.indicator_id }) },
            BCBV.indicatorName(row.indicator_id))
        : BCBV.indicatorName(row.indicator_id));

    // ---- through time -------------------------------------------------------------------------

    function throughTime(rows, state) {
        const chosen = state.params.indicator || "ALL";
        const quarters = BCBV.index.quarterNames;
        const points = (id, key) => quarters.map((quarter) => {
            const row = of(rows, id, quarter);
            return { quarter, value: row ? row[key] : null };
        });
        const isAll = chosen === "ALL";
        const series = [
            { label: "As published", points: points(chosen, "opportunity_annual_gbp") },
            ...(isAll ? [{
                label: "Bed days once", points: points("ALL_NETTED", "opportunity_annual_gbp"),
            }] : []),
            { label: "Same activity", points: points(chosen, "opportunity_annual_activity_adjusted_gbp") },
        ];
        const first = series[0].points.find((point) => point.value !== null);
        const last = [...series[0].points].reverse().find((point) => point.value !== null);
        const table = quarters.map((quarter, place) => ({
            quarter,
            published: series[0].points[place].value,
            netted: isAll ? series[1].points[place].value : null,
            adjusted: series[series.length - 1].points[place].value,
        }));
        return BCBV.section("Through time",
            chooser(rows, chosen),
            BCBV.figure({
                title: `${titleOf(chosen)}: opportunity in each quarter`,
                subtitle: "Pounds a year. “Same activity” holds activity and prices at those of "
                    + `${quarters[0]}: a sum that falls because less was reported is no improvement.`,
                alt: first && last ? `Line chart. As published ${words.poundsText(first.value)} in `
                    + `${first.quarter} and ${words.poundsText(last.value)} in ${last.quarter}.` : "No figures.",
                svg: (width) => BCBV.charts.line([], { width, unit: "gbp", series, quarters, current: state.quarter }),
                table: {
                    columns: [
                        { key: "quarter", label: "Quarter", header: true },
                        pounds("published", "As published"),
                        ...(isAll ? [pounds("netted", "Bed days once")] : []),
                        pounds("adjusted", "Same activity"),
                    ],
                    rows: table,
                },
                filename: `england-through-time-${chosen}`,
                wide: true,
            }));
    }

    const chooser = (rows, chosen) => {
        const ids = [...new Set(rows.map((row) => row.indicator_id))]
            .filter((id) => BCBV.index.indicatorById[id]);
        return el("p", { class: "choices" }, BCBV.select({
            id: "england-indicator", label: "Indicator", value: chosen,
            options: [{ value: "ALL", label: BCBV.indicatorName("ALL") },
                ...ids.map((id) => ({ value: id, label: BCBV.indicatorName(id) }))],
            onChange: (value) => BCBV.choose({ indicator: value === "ALL" ? null : value }),
        }));
    };

    // ---- why it changed -----------------------------------------------------------------------

    function whyItChanged(state) {
        const chosen = state.params.indicator || "ALL";
        const comparison = state.params.since === "base" ? "base" : "previous";
        const row = BCBV.rows("e", "change").find((one) => one.indicator_id === chosen
            && one.quarter === state.quarter && one.comparison === comparison);
        const choice = el("p", { class: "choices" }, BCBV.select({
            id: "england-since", label: "Compared with", value: comparison,
            options: [{ value: "previous", label: "the quarter before" },
                { value: "base", label: "the first quarter" }],
            onChange: (value) => BCBV.choose({ since: value === "base" ? value : null }),
        }));
        const section = BCBV.section("Why it changed", choice);
        section.append(row ? changeFigure(row, chosen, state) : BCBV.empty(
            `${state.quarter} has nothing to compare with: no figures of an earlier quarter.`));
        return section;
    }

    function changeFigure(row, chosen, state) {
        const parts = PARTS.map((key) => ({ label: BCBV.name("part", key), value: row[key], kind: "part" }))
            .filter((part) => part.value);
        const bars = [
            { label: row.from_quarter, value: row.opportunity_from_gbp, kind: "total" },
            ...parts,
            { label: state.quarter, value: row.opportunity_to_gbp, kind: "total" },
        ];
        return BCBV.figure({
            title: `${titleOf(chosen)}: ${BCBV.changeWords(row.change_gbp)} than in ${row.from_quarter}`,
            subtitle: changeText(row),
            alt: `Bars from one sum to the other. ${bars.map((bar) =>
                `${bar.label} ${words.poundsText(bar.value)}`).join("; ")}.`,
            svg: (width) => BCBV.charts.waterfall(bars, { width }),
            table: {
                columns: [{ key: "label", label: "Part", header: true }, pounds("value", "£ a year")],
                rows: bars,
            },
            note: BCBV.suppressedWords(row.n_suppressed),
            filename: `england-change-${chosen}-${state.quarter}`,
            wide: true,
        });
    }

    function changeText(row) {
        const better = row.performance_gbp < 0;
        const size = words.poundsText(Math.abs(row.performance_gbp));
        const moved = row.performance_gbp === 0 ? "Performance did not change the sum"
            : `Organisations did ${better ? "better" : "worse"}: that alone makes the sum ${size} `
                + (better ? "smaller" : "larger");
        const rest = row.change_gbp - row.performance_gbp;
        return `${moved}. All else, from a best quarter that moved to who reported, makes it `
            + `${words.poundsText(Math.abs(rest))} ${rest < 0 ? "smaller" : "larger"}.`;
    }

    // ---- what it hangs on ---------------------------------------------------------------------

    function whatItHangsOn(state) {
        const chosen = state.params.indicator || "ALL";
        const order = Object.keys(BCBV.names("scenario"));
        const rows = BCBV.rows("e", "sensitivity")
            .filter((row) => row.indicator_id === chosen && row.quarter === state.quarter)
            .sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
        const known = rows.filter((row) => row.opportunity_annual_gbp !== null);
        if (!known.length) {
            return BCBV.section("What the figure hangs on",
                BCBV.empty("This indicator has no amount under another choice in this quarter."));
        }
        const doubt = rows.find((row) => row.scenario === "unflagged_only");
        const published = rows.find((row) => row.scenario === "as_published");
        return BCBV.section("What the figure hangs on",
            el("p", { class: "lead" }, doubt && published && doubt.opportunity_annual_gbp !== null
                ? `Leave out every figure in doubt, and ${words.poundsText(published.opportunity_annual_gbp)} `
                    + `becomes ${words.poundsText(doubt.opportunity_annual_gbp)}.` : ""),
            BCBV.figure({
                title: `${titleOf(chosen)} under other choices`,
                subtitle: "Pounds a year. It shows what the headline hangs on; it is no interval of it.",
                alt: `Bars. ${known.map((row) => `${BCBV.name("scenario", row.scenario)} `
                    + words.poundsText(row.opportunity_annual_gbp)).join("; ")}.`,
                svg: (width) => BCBV.charts.money(known.map((row) => ({
                    label: BCBV.name("scenario", row.scenario), value: row.opportunity_annual_gbp,
                    strong: row.scenario === "as_published",
                })), { width }),
                table: {
                    columns: [
                        { key: "scenario", label: "Choice", header: true,
                            text: (row) => BCBV.name("scenario", row.scenario) },
                        pounds("opportunity_annual_gbp", "£ a year"),
                        count("n_organisations", "Organisations with an amount"),
                    ],
                    rows,
                },
                note: BCBV.suppressedWords(published ? published.n_suppressed : 0),
                filename: `england-sensitivity-${chosen}-${state.quarter}`,
                wide: true,
            }));
    }

    // ---- regions, activity, releases ----------------------------------------------------------

    function regions(state) {
        const before = BCBV.index.quarterNames[BCBV.index.quarterNames.indexOf(state.quarter) - 1];
        const rows = BCBV.rows("e", "regions");
        const find = (area, id, quarter) => rows.find((row) => row.area_code === area
            && row.indicator_id === id && row.quarter === quarter) || {};
        return BCBV.section("By strategic health authority",
            BCBV.table({
                caption: `Opportunity of each authority’s organisations, ${state.quarter}, pounds a year`,
                filename: `england-regions-${state.quarter}`,
                columns: [
                    { key: "area_code", label: "Authority", header: true, code: true,
                        node: (row) => el("a", { href: BCBV.link("sha", { id: row.area_code }) },
                            BCBV.areaName(row.area_code)),
                        sortKey: (row) => BCBV.areaName(row.area_code) },
                    pounds("published", "As published"),
                    pounds("netted", "Bed days counted once"),
                    pounds("change", before ? `Change since ${before}` : "Change", {
                        text: (row) => (row.change === null ? null
                            : `${row.change > 0 ? "+" : ""}${words.poundsFull(row.change)}`),
                    }),
                    count("n_organisations", "Organisations"),
                    ...(rows.some((row) => row.quarter === state.quarter && row.n_suppressed)
                        ? [count("n_suppressed", "Left out, suppressed")] : []),
                ],
                rows: BCBV.index.areas.map((area) => {
                    const now = find(area.area_code, "ALL", state.quarter);
                    const then = find(area.area_code, "ALL", before);
                    const known = [now, then].every((row) => typeof row.opportunity_annual_gbp === "number");
                    return {
                        area_code: area.area_code,
                        published: now.opportunity_annual_gbp ?? null,
                        netted: find(area.area_code, "ALL_NETTED", state.quarter).opportunity_annual_gbp ?? null,
                        change: known ? now.opportunity_annual_gbp - then.opportunity_annual_gbp : null,
                        n_organisations: now.n_organisations ?? null,
                        n_suppressed: now.n_suppressed ?? null,
                    };
                }),
            }));
    }

    function whatWasCounted(state) {
        const rows = BCBV.rows("e", "national").filter((row) => row.quarter === state.quarter);
        const unit = (row) => (BCBV.index.indicatorById[row.indicator_id] || {}).unit;
        return BCBV.section("What was counted",
            BCBV.table({
                caption: `England’s figures behind each indicator, ${state.quarter}`,
                filename: `england-counts-${state.quarter}`,
                columns: [
                    { key: "indicator_id", label: "Indicator", header: true, node: indicatorCell,
                        sortKey: (row) => BCBV.indicatorName(row.indicator_id) },
                    { key: "organisation_class", label: "Of",
                        text: (row) => BCBV.name("organisation_class", row.organisation_class) },
                    { key: "numerator", label: "Counted", type: "number", node: counted("numerator") },
                    { key: "denominator", label: "Out of", type: "number", node: counted("denominator") },
                    { key: "simple_mean", label: "Mean of the organisations", type: "number",
                        text: (row) => words.valueText(row.simple_mean, unit(row)) },
                    count("n_organisations", "Organisations"),
                    count("n_left_out", "Left out: withheld or missing"),
                    ...(rows.some((row) => row.n_suppressed) ? [count("n_suppressed", "Left out: suppressed")] : []),
                ],
                rows,
            }));
    }

    // A number with what it counts below it.
    const counted = (key) => (row) => (row[key] === null ? null : el("span", {},
        words.countText(row[key]), el("span", { class: "unit" },
            (BCBV.index.indicatorById[row.indicator_id] || {})[`${key}_label`] || "")));

    function vintages(state) {
        const rows = BCBV.rows("e", "vintages").filter((row) => row.indicator_id === (state.params.indicator || "ALL"));
        const releases = [...new Set(rows.map((row) => row.release))];
        const earlier = releases.filter((release) => release !== "current");
        if (!earlier.length) {
            return BCBV.section("As it was published before",
                BCBV.empty("This is the first release of these quarters: there is none to compare with."));
        }
        const quarters = BCBV.index.quarterNames.map((quarter) => {
            const row = { quarter };
            for (const one of rows) if (one.quarter === quarter) row[one.release] = one.opportunity_annual_gbp;
            return row;
        });
        return BCBV.section("As it was published before",
            el("p", {}, "The same quarter as each release had it. It moves where data came later or code was mended."),
            BCBV.table({
                caption: "Opportunity of each quarter by release, pounds a year",
                filename: "england-vintages",
                columns: [
                    { key: "quarter", label: "Quarter", header: true },
                    ...releases.map((release) => pounds(release, release === "current" ? "This release"
                        : `${BCBV.dateWords(release)}, ${release.slice(11, 13)}:${release.slice(13, 15)}`)),
                ],
                rows: quarters,
            }));
    }
})();
