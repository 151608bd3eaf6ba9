// A strategic health authority: its organisations by indicator, each with its national rank, and
// the authority beside the others. Without a code: all authorities.
(function () {
    "use strict";

    const { el, words } = BCBV;
    const pounds = (key, label) => ({
        key, label, type: "number", descendingFirst: true,
        text: (row) => (typeof row[key] === "number" ? words.poundsFull(row[key]) : null),
    });
    const indicators = (organisationClass, rows) => {
        const present = new Set(rows.map((row) => row.indicator_id));
        return BCBV.index.indicators.filter((one) => present.has(one.indicator_id));
    };
    const unitOf = (id) => BCBV.index.indicatorById[id].unit;

    BCBV.view("sha", {
        title: (state) => (state.id ? BCBV.nameOf(state.id) || state.id : "Strategic health authorities"),
        load: (state) => (state.id
            ? ["e", `a/${state.id}`, `a/${state.id}/${BCBV.year(state.quarter)}`] : ["e"]),
        render(root, state) {
            if (!state.id) {
                root.append(everyAuthority(state));
                return;
            }
            if (!BCBV.index.areaByCode[state.id]) {
                root.append(BCBV.empty(`There is no strategic health authority ${state.id}.`),
                    everyAuthority(state));
                return;
            }
            root.append(answer(state), organisations(state), comparison(state), throughTime(state));
        },
    });

    const latest = (rows, id, state) =>
        rows.find((row) => row.indicator_id === id && row.quarter === state.quarter);

    // ---- the answer ---------------------------------------------------------------------------

    function answer(state) {
        const rows = BCBV.rows(`a/${state.id}`, "opportunity");
        const all = latest(rows, "ALL", state);
        const netted = latest(rows, "ALL_NETTED", state);
        if (!all) return BCBV.empty(`No indicator with a price has a figure here in ${state.quarter}.`);
        const regions = BCBV.rows("e", "regions").filter((row) => row.indicator_id === "ALL"
            && row.quarter === state.quarter);
        const england = regions.reduce((sum, row) => sum + (row.opportunity_annual_gbp || 0), 0);
        const change = BCBV.rows(`a/${state.id}`, "change").find((row) => row.indicator_id === "ALL"
            && row.quarter === state.quarter && row.comparison === "previous");
        const fact = (term, value) => el("div", {}, el("dt", {}, term), el("dd", {}, value));
        return el("div", {},
            el("p", { class: "answer" },
                el("span", { class: "big" }, `${words.poundsText(all.opportunity_annual_gbp)} a year`),
                "is what its organisations would save at the level of the best quarter of their kind in "
                + `England, going by ${words.quarterWords(state.quarter)}.`),
            el("dl", { class: "facts" },
                fact("With bed days counted once", netted ? words.poundsText(netted.opportunity_annual_gbp) : "–"),
                fact("Share of all authorities’ sum",
                    england ? words.valueText(all.opportunity_annual_gbp / england, "proportion") : "–"),
                fact(change ? `Since ${change.from_quarter}` : "Since the quarter before",
                    change ? BCBV.changeWords(change.change_gbp) : "no quarter before"),
                fact("Organisations with an amount", words.countText(all.n_organisations))),
            all.n_suppressed ? el("p", { class: "quiet-text" }, BCBV.suppressedWords(all.n_suppressed)) : null);
    }

    // ---- its organisations --------------------------------------------------------------------

    function organisations(state) {
        const year = `a/${state.id}/${BCBV.year(state.quarter)}`;
        const rows = BCBV.rows(year, "values").filter((row) => row.quarter === state.quarter);
        const sums = BCBV.rows(year, "organisations").filter((row) => row.quarter === state.quarter
            && row.indicator_id === "ALL");
        const section = BCBV.section("Its organisations",
            el("p", {}, "National ranks: 1 is the best of all organisations of the kind in England. "
                + "Beside each stands the quarter of the ranking, from 1st (best) to 4th. "
                + "A rank says where to look first; organisations close together differ by chance."));
        for (const organisationClass of ["trust", "pct"]) {
            const own = rows.filter((row) => (BCBV.index.organisationByCode[row.organisation_code] || {})
                .organisation_class === organisationClass);
            if (own.length) section.append(matrix(own, sums, organisationClass, state));
        }
        if (!rows.length) section.append(BCBV.empty(`None of its organisations has a figure in ${state.quarter}.`));
        return section;
    }

    function matrix(rows, sums, organisationClass, state) {
        const shown = indicators(organisationClass, rows);
        const byOrganisation = new Map();
        for (const row of rows) {
            if (!byOrganisation.has(row.organisation_code)) {
                const sum = sums.find((one) => one.organisation_code === row.organisation_code);
                byOrganisation.set(row.organisation_code, {
                    organisation_code: row.organisation_code,
                    opportunity_annual_gbp: sum ? sum.opportunity_annual_gbp : null,
                });
            }
            byOrganisation.get(row.organisation_code)[row.indicator_id] = row;
        }
        const title = `${BCBV.name("organisation_class", organisationClass)}: national ranks, ${state.quarter}`;
        return el("div", {},
            BCBV.table({
                caption: title,
                class: "matrix",
                filename: `${state.id}-${organisationClass}-${state.quarter}`,
                sort: { key: "organisation_code" },
                columns: [
                    { key: "organisation_code", label: "Organisation", header: true, code: true,
                        sortKey: (row) => BCBV.nameOf(row.organisation_code),
                        node: (row) => el("a", { href: BCBV.link("organisation", { id: row.organisation_code }) },
                            BCBV.nameOf(row.organisation_code)) },
                    pounds("opportunity_annual_gbp", "£ a year, as published"),
                    ...shown.map((indicator) => ({
                        key: indicator.indicator_id, label: BCBV.shortName(indicator.indicator_id), type: "number",
                        title: `${indicator.name}: ${BCBV.name("direction", indicator.direction)}`,
                        sortKey: (row) => (row[indicator.indicator_id] || {}).national_rank ?? null,
                        csv: (row) => (row[indicator.indicator_id] || {}).national_rank ?? null,
                        node: (row) => rankCell(row[indicator.indicator_id], indicator),
                    })),
                ],
                rows: [...byOrganisation.values()],
            }),
            key());
    }

    // A rank with its quarter; where there is none, the sign that says why.
    function rankCell(row, indicator) {
        if (!row) return null;
        if (row.disclosure_status === "suppressed" || row.national_rank === null) {
            // Values without a rank: context indicators, and too few cases to rank.
            const isShown = row.disclosure_status !== "suppressed" && row.value !== null
                && row.publication_status !== "withheld";
            return isShown ? el("span", { class: "rank unranked" }, words.valueText(row.value, indicator.unit),
                el("span", { class: "place" }, "no rank"))
                : BCBV.status(row.publication_status, row.disclosure_status, null, { isShort: true });
        }
        const place = words.ordinal(row.quartile);
        return el("span", { class: `rank q${row.quartile}`, title: words.valueText(row.value, indicator.unit) },
            String(row.national_rank), el("span", { class: "place" }, place,
                el("span", { class: "hidden-text" }, " quarter")));
    }

    const key = () => el("p", { class: "quiet-text key" },
        ...["withheld", "not_submitted", "not_applicable"].map((status) =>
            [BCBV.status(status, "shown", null, { isShort: true }), ` ${words.statusWords(status, "shown")}   `]),
        BCBV.status("published", "suppressed", null, { isShort: true }),
        ` ${words.statusWords("published", "suppressed")}`);

    // ---- beside the others --------------------------------------------------------------------

    function comparison(state) {
        const areas = BCBV.rows("e", "areas");
        const pairs = [...new Map(areas.filter((row) => row.quarter === state.quarter)
            .map((row) => [`${row.indicator_id}|${row.organisation_class}`, row])).values()];
        if (!pairs.length) return null;
        const wanted = `${state.params.indicator}|${state.params.class}`;
        const chosen = pairs.find((row) => `${row.indicator_id}|${row.organisation_class}` === wanted) || pairs[0];
        const indicator = BCBV.index.indicatorById[chosen.indicator_id];
        const rows = areas.filter((row) => row.indicator_id === chosen.indicator_id
            && row.organisation_class === chosen.organisation_class && row.quarter === state.quarter
            && row.area_level === "sha" && row.value !== null)
            .sort((a, b) => (indicator.direction === "higher" ? b.value - a.value : a.value - b.value));
        const place = rows.findIndex((row) => row.area_code === state.id) + 1;
        const label = (row) => `${BCBV.indicatorName(row.indicator_id)}, ${
            BCBV.name("organisation_class", row.organisation_class).toLowerCase()}`;
        const own = rows.find((row) => row.area_code === state.id);
        return BCBV.section("Beside the other authorities",
            el("p", { class: "choices" }, BCBV.select({
                id: "sha-indicator", label: "Indicator",
                value: `${chosen.indicator_id}|${chosen.organisation_class}`,
                options: pairs.map((row) => ({
                    value: `${row.indicator_id}|${row.organisation_class}`, label: label(row),
                })),
                onChange: (value) => BCBV.choose({
                    indicator: value.split("|")[0], class: value.split("|")[1],
                }),
            })),
            rows.length ? BCBV.figure({
                title: own && indicator.direction !== "context"
                    ? `${BCBV.areaName(state.id)} is ${words.rankWords(place, rows.length)} on ${label(chosen)}`
                    : label(chosen),
                subtitle: `${valueMeaning(indicator)}; ${BCBV.name("direction", indicator.direction)}. `
                    + `${indicator.unit === "index" ? "Bars show the distance from 100. " : ""}The figure of an authority is that of its organisations taken together.`,
                alt: `Bars of ${rows.length} authorities. ${rows.map((row) => `${BCBV.areaName(row.area_code)} `
                    + words.valueText(row.value, indicator.unit)).join("; ")}.`,
                svg: (width) => BCBV.charts.money(rows.map((row) => ({
                    label: BCBV.areaName(row.area_code),
                    // Bars of an index stand on 100, as what differs is the distance from it.
                    value: indicator.unit === "index" ? row.value - 100 : row.value,
                    figure: words.valueText(row.value, indicator.unit), strong: row.area_code === state.id,
                })), { width, unit: indicator.unit }),
                table: {
                    columns: [
                        { key: "area_code", label: "Authority", header: true, code: true,
                            text: (row) => BCBV.areaName(row.area_code) },
                        { key: "value", label: "Value", type: "number",
                            text: (row) => words.valueText(row.value, indicator.unit) },
                        { key: "n_organisations", label: "Organisations", type: "number" },
                        { key: "n_left_out", label: "Left out: withheld or missing", type: "number" },
                        { key: "n_suppressed", label: "Left out: suppressed", type: "number" },
                    ],
                    rows,
                    rowClass: (row) => (row.area_code === state.id ? "own" : null),
                },
                filename: `authorities-${chosen.indicator_id}-${state.quarter}`,
                wide: true,
            }) : BCBV.empty("No authority has a figure of this indicator in the quarter."));
    }

    const valueMeaning = (indicator) => (indicator.unit === "index"
        ? "100 is what England’s rates lead one to expect of its patients"
        : indicator.unit === "proportion"
            ? `${indicator.numerator_label || "numerator"} as a share of ${indicator.denominator_label || "denominator"}`
            : indicator.unit);

    // ---- through time -------------------------------------------------------------------------

    function throughTime(state) {
        const rows = BCBV.rows(`a/${state.id}`, "opportunity");
        const points = (id, key) => BCBV.index.quarterNames.map((quarter) => {
            const row = rows.find((one) => one.indicator_id === id && one.quarter === quarter);
            return { quarter, value: row ? row[key] : null };
        });
        const series = [
            { label: "As published", points: points("ALL", "opportunity_annual_gbp") },
            { label: "Bed days once", points: points("ALL_NETTED", "opportunity_annual_gbp") },
            { label: "Same activity", points: points("ALL", "opportunity_annual_activity_adjusted_gbp") },
        ];
        const known = series[0].points.filter((point) => point.value !== null);
        if (!known.length) return null;
        const last = known[known.length - 1];
        return BCBV.section("Through time", BCBV.figure({
            title: "Opportunity in each quarter",
            subtitle: `Pounds a year. “Same activity” holds activity and prices at those of ${BCBV.index.quarterNames[0]}.`,
            alt: `Line chart. As published ${words.poundsText(known[0].value)} in ${known[0].quarter} and `
                + `${words.poundsText(last.value)} in ${last.quarter}.`,
            svg: (width) => BCBV.charts.line([], {
                width, unit: "gbp", series, quarters: BCBV.index.quarterNames, current: state.quarter,
            }),
            table: {
                columns: [
                    { key: "quarter", label: "Quarter", header: true },
                    pounds("published", "As published"), pounds("netted", "Bed days once"),
                    pounds("adjusted", "Same activity"),
                ],
                rows: BCBV.index.quarterNames.map((quarter, place) => ({
                    quarter, published: series[0].points[place].value,
                    netted: series[1].points[place].value, adjusted: series[2].points[place].value,
                })),
            },
            filename: `${state.id}-through-time`,
            wide: true,
        }));
    }

    function everyAuthority(state) {
        const regions = BCBV.rows("e", "regions").filter((row) => row.quarter === state.quarter);
        const areas = BCBV.rows("e", "areas").filter((row) => row.quarter === state.quarter && row.area_level === "sha");
        const pairs = [...new Map(areas.map((row) => [`${row.indicator_id}|${row.organisation_class}`, row])).values()];
        const cell = (area, pair) => areas.find((row) => row.area_code === area
            && row.indicator_id === pair.indicator_id && row.organisation_class === pair.organisation_class);
        const section = el("div", {},
            el("p", { class: "lead" }, "Each name leads to the authority’s organisations and their national ranks."),
            BCBV.table({
                caption: `Opportunity, ${state.quarter}, pounds a year`,
                filename: `authorities-${state.quarter}`,
                columns: [
                    areaColumn(),
                    pounds("published", "As published"), pounds("netted", "Bed days counted once"),
                ],
                rows: BCBV.index.areas.map((area) => {
                    const find = (id) => (regions.find((row) => row.area_code === area.area_code
                        && row.indicator_id === id) || {}).opportunity_annual_gbp;
                    return { area_code: area.area_code, published: find("ALL"), netted: find("ALL_NETTED") };
                }),
            }));
        for (const organisationClass of ["trust", "pct"]) {
            const own = pairs.filter((pair) => pair.organisation_class === organisationClass);
            if (!own.length) continue;
            section.append(BCBV.table({
                caption: `${BCBV.name("organisation_class", organisationClass)}: values, ${state.quarter}`,
                class: "matrix",
                filename: `authorities-${organisationClass}-${state.quarter}`,
                columns: [
                    areaColumn(),
                    ...own.map((pair) => ({
                        key: pair.indicator_id, label: BCBV.shortName(pair.indicator_id), type: "number",
                        text: (row) => (typeof row[pair.indicator_id] === "number"
                            ? words.valueText(row[pair.indicator_id], unitOf(pair.indicator_id)) : null),
                    })),
                ],
                rows: BCBV.index.areas.map((area) => {
                    const row = { area_code: area.area_code };
                    for (const pair of own) row[pair.indicator_id] = (cell(area.area_code, pair) || {}).value ?? null;
                    return row;
                }),
            }));
        }
        return section;
    }

    const areaColumn = () => ({
        key: "area_code", label: "Authority", header: true, code: true,
        sortKey: (row) => BCBV.areaName(row.area_code),
        node: (row) => el("a", { href: BCBV.link("sha", { id: row.area_code }) }, BCBV.areaName(row.area_code)),
    });
})();
