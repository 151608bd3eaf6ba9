// One indicator: who stands where, whether it is more than chance, what it is and what to make of it.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el, words } = BCBV;
    const F = BCBV.figures;
    const { isNumber } = F;

    const AREAS = {
        clinical: "Clinical", prescribing: "Prescribing", workforce: "Workforce", finance: "Finance",
        procurement: "Procurement",
    };
    const SETS = {
        national: "England", sha: "Health authority", cluster: "Peer group", specialist: "Specialist trusts",
    };

    const indicatorOf = (state) => BCBV.index.indicatorById[state.id];
    const yearKey = (state) => `i/${state.id}/${BCBV.year(state.quarter)}`;

    BCBV.view("indicator", {
        title: (state) => {
            if (!state.id) return "Indicators";
            return indicatorOf(state) ? indicatorOf(state).name : `No indicator ${state.id}`;
        },
        load: (state) => (indicatorOf(state)
            ? [yearKey(state), `t/${state.id}`, `s/${state.id}`, "e"] : ["e", "q"]),
        render: (root, state) => {
            if (indicatorOf(state)) renderOne(root, state);
            else renderAll(root, state);
        },
    });

    // ---- all indicators -------------------------------------------------------------------------

    function renderAll(root, state) {
        if (state.id) root.append(BCBV.empty(`There is no indicator ${state.id}. These there are:`));
        const money = new Map(BCBV.rows("e", "opportunity")
            .filter((row) => row.quarter === state.quarter)
            .map((row) => [row.indicator_id, row.opportunity_annual_gbp]));
        const statuses = BCBV.rows("q", "statuses").filter((row) => row.quarter === state.quarter);
        const rows = BCBV.index.indicators.map((indicator) => {
            const own = statuses.filter((row) => row.indicator_id === indicator.indicator_id);
            return {
                ...indicator, opportunity_annual_gbp: money.get(indicator.indicator_id) ?? null,
                n_published: total(own.filter((row) => row.disclosure_status !== "suppressed"
                    && (row.publication_status === "published" || row.publication_status === "caveat"))),
                n_suppressed: total(own.filter((row) => row.disclosure_status === "suppressed")),
            };
        });
        root.append(
            el("p", { class: "lead" }, `${rows.length} indicators, what better means in each, and what it would be`
                + " worth a year if every organisation were as good as the best quarter of them is now."),
            BCBV.table({
                caption: `Indicators, ${words.quarterWords(state.quarter)}`,
                filename: `indicators ${state.quarter}`,
                columns: [
                    {
                        key: "name", label: "Indicator", header: true,
                        node: (row) => el("a", {
                            href: BCBV.link("indicator", { id: row.indicator_id }),
                        }, `${row.name} (${row.indicator_id})`),
                    },
                    { key: "area", label: "Subject", text: (row) => AREAS[row.area] || row.area },
                    { key: "direction", label: "Direction", text: F.direction },
                    { key: "n_published", label: "Organisations published", type: "number" },
                    { key: "n_suppressed", label: "Suppressed", type: "number" },
                    {
                        key: "opportunity_annual_gbp", label: "£ a year, England", type: "number",
                        descendingFirst: true,
                        text: (row) => (isNumber(row.opportunity_annual_gbp)
                            ? words.poundsFull(row.opportunity_annual_gbp)
                            : row.price_basis === "none" ? "no price" : null),
                    },
                ],
                rows,
            }),
        );
    }

    const total = (rows) => rows.reduce((sum, row) => sum + row.n_organisations, 0);

    // ---- one indicator --------------------------------------------------------------------------

    function renderOne(root, state) {
        const indicator = indicatorOf(state);
        const all = BCBV.rows(yearKey(state), "values").filter((row) => row.quarter === state.quarter);
        const classes = [...new Set(all.map((row) => row.organisation_class))].sort().reverse();
        const own = state.params.organisation || null;
        const ownRow = all.find((row) => row.organisation_code === own);
        const chosen = classes.includes(state.params.class) ? state.params.class
            : ownRow ? ownRow.organisation_class : classes[0];
        const rows = all.filter((row) => row.organisation_class === chosen);
        const about = {
            indicator, quarter: state.quarter, own,
            peers: (state.params.peers || "").split(",").filter(Boolean),
        };
        const limits = BCBV.rows(yearKey(state), "thresholds")
            .filter((row) => row.quarter === state.quarter && row.organisation_class === chosen);
        const national = limits.find((row) => row.peer_set === "national");
        root.append(answer(rows, national, about, chosen), choices(state, classes, chosen, rows, own));
        if (!rows.length) {
            root.append(BCBV.empty(`No organisation has a row for this indicator in ${state.quarter}.`));
        } else {
            const parts = [
                F.rankedBars(rows, about, national),
                el("div", { class: "figures" },
                    F.funnel(rows, about), F.distribution(rows, about, national),
                    F.thresholdsThroughTime(BCBV.rows(`t/${state.id}`, "thresholds"), about, chosen)),
                thresholds(limits, about), regions(state, limits, about, chosen),
            ];
            root.append(...parts.filter(Boolean));
        }
        root.append(meaning(indicator), definition(indicator, state));
    }

    // The answer first: what it is worth where it has a price, else what the best quarter reaches.
    function answer(rows, national, about, organisationClass) {
        const { indicator, quarter } = about;
        const kind = F.noun(organisationClass);
        const months = words.quarterWords(quarter);
        const money = BCBV.rows("e", "opportunity").find((row) =>
            row.indicator_id === indicator.indicator_id && row.quarter === quarter);
        if (!national) {
            return el("p", { class: "answer" }, `${F.sentence(F.direction(indicator))}: no best quarter is reckoned. `
                + `${rows.filter(F.isCompared).length} ${kind} have a value in ${months}.`);
        }
        const best = words.valueText(national.best_quartile_threshold, indicator.unit);
        const side = indicator.direction === "lower" ? "or less" : "or more";
        const reach = `In ${months} the best quarter of ${national.n_organisations} ${kind} had ${best} ${side};`
            + ` the middle one had ${words.valueText(national.median, indicator.unit)}.`
            + ` ${F.sentence(F.direction(indicator))}.`;
        if (!money || !isNumber(money.opportunity_annual_gbp)) {
            return el("p", { class: "answer" }, el("span", { class: "big" }, `${best} ${side}`),
                `is what the best quarter reaches. ${reach} No price is put on this indicator.`);
        }
        const suppressed = money.n_suppressed ? ` Without ${money.n_suppressed} suppressed.` : "";
        return el("p", { class: "answer" },
            el("span", { class: "big" }, `${words.poundsText(money.opportunity_annual_gbp)} a year`),
            `if all were at the level of the best quarter. ${reach}${suppressed}`);
    }

    function choices(state, classes, chosen, rows, own) {
        const name = (row) => ({
            value: row.organisation_code,
            label: `${BCBV.nameOf(row.organisation_code)} (${row.organisation_code})`,
        });
        const sorted = rows.map(name).sort((a, b) => a.label.localeCompare(b.label, "en-GB"));
        return el("div", { class: "choices" },
            BCBV.select({
                id: "choose-indicator", label: "Indicator", value: state.id,
                options: BCBV.index.indicators.map((indicator) => ({
                    value: indicator.indicator_id, label: `${indicator.indicator_id} ${indicator.name}`,
                })),
                onChange: (id) => BCBV.go(BCBV.link("indicator", { ...state.params, id, quarter: state.quarter })),
            }),
            classes.length > 1 && BCBV.select({
                id: "choose-class", label: "Kind of organisation", value: chosen,
                options: classes.map((one) => ({ value: one, label: F.sentence(F.noun(one)) })),
                onChange: (one) => BCBV.choose({ class: one, organisation: null, peers: null }),
            }),
            BCBV.select({
                id: "choose-organisation", label: "Mark an organisation", value: own || "",
                options: [{ value: "", label: "none" }, ...sorted],
                onChange: (code) => BCBV.choose({ organisation: code || null }),
            }),
            own && el("a", { href: BCBV.link("organisation", { id: own, indicator: state.id }) },
                `${BCBV.nameOf(own)}: all indicators`));
    }

    function thresholds(limits, about) {
        const { indicator } = about;
        if (!limits.length) return null;
        const order = Object.keys(SETS);
        const figure = (key, label) => ({
            key, label, type: "number", text: (row) => words.valueText(row[key], indicator.unit),
        });
        const peers = (row) => (row.peer_set === "sha" ? BCBV.nameOf(row.peer_code)
            : row.peer_set === "cluster" ? row.peer_code : SETS[row.peer_set]);
        return BCBV.section("Where the best quarter ends, among whom",
            el("p", null, "Money is reckoned against England. Health authorities and peer groups are here to compare with;"
                + " a tenth, a quarter, half, three quarters and nine tenths of the organisations have the value or less."),
            BCBV.table({
                caption: "Thresholds", hideCaption: true, filename: `${indicator.indicator_id} ${about.quarter} thresholds`,
                columns: [
                    {
                        key: "peer_code", label: "Among", header: true, text: peers,
                        sortKey: (row) => `${order.indexOf(row.peer_set)} ${peers(row)}`, csv: peers,
                    },
                    { key: "peer_set", label: "Kind", text: (row) => SETS[row.peer_set] },
                    { key: "n_organisations", label: "Organisations", type: "number" },
                    figure("best_quartile_threshold", "Best quarter"), figure("p10", "A tenth"),
                    figure("p25", "A quarter"), figure("median", "Half"), figure("p75", "Three quarters"),
                    figure("p90", "Nine tenths"),
                ],
                rows: limits, sort: { key: "peer_code" },
            }));
    }

    // The map of health authorities, as a table: readable, sortable, and without the size of a region
    // standing for its weight.
    function regions(state, limits, about, organisationClass) {
        const { indicator } = about;
        const areas = BCBV.rows(yearKey(state), "areas").filter((row) => row.quarter === state.quarter
            && row.organisation_class === organisationClass && row.area_level === "sha");
        if (!areas.length) return null;
        const money = new Map(BCBV.rows("e", "regions")
            .filter((row) => row.indicator_id === state.id && row.quarter === state.quarter)
            .map((row) => [row.area_code, row.opportunity_annual_gbp]));
        const bests = new Map(limits.filter((row) => row.peer_set === "sha")
            .map((row) => [row.peer_code, row.best_quartile_threshold]));
        const rows = areas.map((row) => ({
            ...row, opportunity_annual_gbp: money.get(row.area_code) ?? null,
            best_quartile_threshold: bests.get(row.area_code) ?? null,
        }));
        const figure = (key, label) => ({
            key, label, type: "number",
            text: (row) => (isNumber(row[key]) ? words.valueText(row[key], indicator.unit) : null),
        });
        return BCBV.section("The health authorities",
            el("p", null, "Each as if it were one organisation: numerators and denominators of its"
                + ` ${F.noun(organisationClass)} are added up. ${F.sentence(F.direction(indicator))}.`),
            BCBV.table({
                caption: "Health authorities", hideCaption: true,
                filename: `${indicator.indicator_id} ${about.quarter} health authorities`,
                columns: [
                    {
                        key: "area_code", label: "Health authority", header: true, code: true,
                        node: (row) => el("a", { href: BCBV.link("sha", { id: row.area_code, indicator: state.id }) },
                            BCBV.nameOf(row.area_code)),
                        sortKey: (row) => BCBV.nameOf(row.area_code),
                    },
                    figure("value", "Value"), figure("best_quartile_threshold", "Its best quarter"),
                    { key: "n_organisations", label: "Organisations", type: "number" },
                    { key: "n_left_out", label: "Left out (no usable data)", type: "number" },
                    { key: "n_suppressed", label: "Suppressed", type: "number" },
                    indicator.price_basis !== "none" && {
                        key: "opportunity_annual_gbp", label: "£ a year", type: "number", descendingFirst: true,
                        text: (row) => (isNumber(row.opportunity_annual_gbp)
                            ? words.poundsFull(row.opportunity_annual_gbp) : null),
                    },
                ].filter(Boolean),
                rows,
                sort: { key: "value", descending: indicator.direction === "higher" },
            }));
    }

    const paragraph = (title, text) => text && el("div", null, el("h3", null, title), el("p", null, text));

    function meaning(indicator) {
        return BCBV.section("What to make of it",
            el("div", { class: "columns" },
                paragraph("Why it matters", indicator.why_it_matters),
                paragraph("What the figure does not say", indicator.caveats),
                paragraph("What others have done", indicator.how_to_improve)));
    }

    // How pounds come about, by the basis of the price.
    const PRICES = {
        unit_price: "What lies beyond the best quarter, times a unit price, a year.",
        own_cost: "What lies beyond the best quarter, times what one costs the organisation itself, a year.",
        share_of_own_cost: "What lies beyond the best quarter, times a share of what one costs the organisation, a year.",
        none: "No price is put on it.",
    };
    const TRENDS = {
        xmr: "Limits of an organisation's own variation (XmR), from seven quarters on.",
        none: "Not followed by limits: its quarters overlap, or its basis steps from year to year.",
    };

    function definition(indicator, state) {
        const overlap = indicator.counted_within && BCBV.index.indicatorById[indicator.counted_within];
        const entries = [
            ["Numerator", F.sentence(indicator.numerator_label || "")],
            ["Denominator", F.sentence(indicator.denominator_label || "")],
            ["Value", indicator.unit === "index"
                ? "Numerator ÷ what would be expected of the same cases, × 100: 100 is as expected."
                : indicator.unit === "proportion"
                    ? `Numerator ÷ denominator, in per cent${indicator.is_standardised ? ", standardised for case mix" : ""}.`
                    : `${F.sentence(indicator.unit)}.`],
            ["Direction", F.sentence(F.direction(indicator))],
            ["Money", (PRICES[indicator.price_basis] || "")
                + (overlap ? ` Its pounds are also in ${overlap.name}; sums counted once leave them out.` : "")],
            ["In the published total", indicator.in_published_total ? "Yes" : "No"],
            ["Least cases for a rank", isNumber(indicator.min_denominator)
                ? words.countText(indicator.min_denominator) : "None"],
            ["Trend", TRENDS[indicator.trend_method]],
            ["Evidence", indicator.evidence],
            ["Text", [indicator.author, indicator.review_date && `reviewed ${BCBV.dateWords(indicator.review_date)}`]
                .filter(Boolean).join(", ")],
        ].filter(([, text]) => text);
        const { name, sql } = BCBV.shard(`s/${state.id}`);
        return BCBV.section("Definition",
            el("dl", { class: "definition" }, entries.map(([term, text]) =>
                el("div", null, el("dt", null, term), el("dd", null, text)))),
            sql && el("details", null, el("summary", null, `Its SQL (${name})`),
                el("pre", { tabindex: "0", role: "region", "aria-label": `SQL of ${indicator.name}` },
                    el("code", null, sql))));
    }
})();
