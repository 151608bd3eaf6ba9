// Data quality: who sent what, what is said of it, and which figures are withheld for it.
(function () {
    "use strict";

    const { el, words } = BCBV;
    const VERDICTS = Object.keys(BCBV.names("verdict"));
    const share = (part, of) => (of ? part / of : null);

    BCBV.view("quality", {
        title: () => "Data quality",
        load: (state) => ["q", `q/${BCBV.year(state.quarter)}`],
        render(root, state) {
            const senders = BCBV.rows(`q/${BCBV.year(state.quarter)}`, "senders")
                .filter((row) => row.quarter === state.quarter);
            if (!senders.length) {
                root.append(BCBV.empty(`Nothing is known of what was sent for ${state.quarter}.`));
                return;
            }
            root.append(answer(senders, state), whoSentWhat(state), throughTime(state), withheld(state),
                organisations(senders, state), rules());
        },
    });

    function answer(senders, state) {
        const everyone = new Set(senders.map((row) => row.organisation_code));
        const objected = new Set(senders.filter((row) => row.verdict !== "green")
            .map((row) => row.organisation_code));
        const missing = new Set(senders.filter((row) => row.verdict === "not_submitted")
            .map((row) => row.organisation_code));
        const statuses = BCBV.rows("q", "statuses").filter((row) => row.quarter === state.quarter);
        const count = (test) => statuses.filter(test).reduce((sum, row) => sum + row.n_organisations, 0);
        const fact = (term, value) => el("div", {}, el("dt", {}, term), el("dd", {}, value));
        return el("div", {},
            el("p", { class: "answer" },
                el("span", { class: "big" }, `${words.countText(everyone.size - objected.size)} of `
                    + words.countText(everyone.size)),
                "organisations sent everything that was asked of them without a remark, for "
                + `${words.quarterWords(state.quarter)}.`),
            el("dl", { class: "facts" },
                fact("Did not send something", BCBV.countWords(missing.size, "organisation", "organisations")),
                fact("Figures withheld", words.countText(count((row) => row.publication_status === "withheld"))),
                fact("Published with a note", words.countText(count((row) => row.publication_status === "caveat"
                    && row.disclosure_status !== "suppressed"))),
                fact("Suppressed for small numbers",
                    words.countText(count((row) => row.disclosure_status === "suppressed")))));
    }

    // ---- by feed ------------------------------------------------------------------------------

    function feeds(state) {
        const rows = BCBV.rows("q", "verdicts").filter((row) => row.quarter === state.quarter);
        return [...new Set(rows.map((row) => row.feed))].map((feed) => {
            const own = rows.filter((row) => row.feed === feed);
            const found = { feed, n_organisations: 0, n_records: 0 };
            for (const verdict of VERDICTS) found[verdict] = 0;
            for (const row of own) {
                found[row.verdict] += row.n_organisations;
                found.n_organisations += row.n_organisations;
                found.n_records += row.n_records || 0;
            }
            return found;
        });
    }

    function whoSentWhat(state) {
        const count = (key, label) => ({
            key, label, type: "number", descendingFirst: true, text: (row) => words.countText(row[key]),
        });
        const rows = feeds(state);
        const shown = VERDICTS.filter((verdict) => rows.some((row) => row[verdict]));
        return BCBV.section("Who sent what",
            BCBV.table({
                caption: `Organisations by kind of data and verdict, ${state.quarter}`,
                filename: `quality-feeds-${state.quarter}`,
                columns: [
                    { key: "feed", label: "Data", header: true, text: (row) => BCBV.name("feed", row.feed) },
                    count("n_organisations", "Expected of"),
                    ...shown.map((verdict) => ({
                        ...count(verdict, sentence(BCBV.name("verdict", verdict))),
                    })),
                    count("n_records", "Records in use"),
                ],
                rows,
            }));
    }

    const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

    // ---- through time -------------------------------------------------------------------------

    function throughTime(state) {
        const rows = BCBV.rows("q", "verdicts");
        const names = [...new Set(rows.map((row) => row.feed))];
        const chosen = names.includes(state.params.feed) ? state.params.feed : names.includes("hes_apc")
            ? "hes_apc" : names[0];
        const quarters = BCBV.index.quarterNames;
        const of = quarters.map((quarter) => {
            const own = rows.filter((row) => row.feed === chosen && row.quarter === quarter);
            const total = own.reduce((sum, row) => sum + row.n_organisations, 0);
            const number = (verdict) => (own.find((row) => row.verdict === verdict) || {}).n_organisations || 0;
            const green = own.find((row) => row.verdict === "green") || {};
            return {
                quarter, expected: total || null,
                sent: total ? share(total - number("not_submitted"), total) : null,
                sound: total ? share(number("green"), total) : null,
                completeness: green.median_completeness ?? null,
            };
        });
        const hasCompleteness = of.some((row) => row.completeness !== null);
        const series = [
            { label: "Sent", points: of.map((row) => ({ quarter: row.quarter, value: row.sent })) },
            { label: "Sound", points: of.map((row) => ({ quarter: row.quarter, value: row.sound })) },
        ];
        const percent = (key, label) => ({
            key, label, type: "number", text: (row) => (row[key] === null ? null : words.valueText(row[key], "proportion")),
        });
        const now = of.find((row) => row.quarter === state.quarter);
        return BCBV.section("Completeness through time",
            el("p", { class: "choices" }, BCBV.select({
                id: "quality-feed", label: "Data", value: chosen,
                options: names.map((feed) => ({ value: feed, label: BCBV.name("feed", feed) })),
                onChange: (value) => BCBV.choose({ feed: value }),
            })),
            BCBV.figure({
                title: `${BCBV.name("feed", chosen)}: who sent it, and whose was sound`,
                subtitle: "Share of the organisations that are expected to send it; sound is without any remark.",
                alt: `Line chart. In ${state.quarter} ${words.valueText(now.sent, "proportion")} sent it, and of `
                    + `${words.valueText(now.sound, "proportion")} it was sound.`,
                svg: (width) => BCBV.charts.line([], {
                    width, unit: "proportion", series, quarters, current: state.quarter,
                }),
                table: {
                    columns: [
                        { key: "quarter", label: "Quarter", header: true },
                        { key: "expected", label: "Expected of", type: "number" },
                        percent("sent", "Sent"), percent("sound", "Sound"),
                        ...(hasCompleteness
                            ? [percent("completeness", "Records of those expected, median of the sound")] : []),
                    ],
                    rows: of,
                },
                note: hasCompleteness ? "The table has how many records came of those expected." : null,
                filename: `quality-${chosen}`,
                wide: true,
            }));
    }

    // ---- withheld and why ---------------------------------------------------------------------

    function withheld(state) {
        const rows = BCBV.rows(`q/${BCBV.year(state.quarter)}`, "withheld")
            .filter((row) => row.quarter === state.quarter);
        const statuses = BCBV.rows("q", "statuses").filter((row) => row.quarter === state.quarter);
        const counts = BCBV.index.indicators.map((indicator) => {
            const own = statuses.filter((row) => row.indicator_id === indicator.indicator_id);
            const number = (test) => own.filter(test).reduce((sum, row) => sum + row.n_organisations, 0);
            const shown = (status) => number((row) => row.publication_status === status
                && row.disclosure_status !== "suppressed");
            return {
                indicator_id: indicator.indicator_id, published: shown("published"), caveat: shown("caveat"),
                withheld: shown("withheld"), unusable: shown("unusable"), not_submitted: shown("not_submitted"),
                not_applicable: shown("not_applicable"),
                suppressed: number((row) => row.disclosure_status === "suppressed"),
            };
        }).filter((row) => Object.values(row).some((value) => typeof value === "number" && value));
        const count = (key, label) => ({ key, label, type: "number", descendingFirst: true });
        return BCBV.section("What is withheld, and why",
            el("p", {}, "A figure is withheld where a check says that its data are not to be believed. Not submitted, "
                + "withheld, suppressed and nought are four different things: only nought is a number."),
            BCBV.table({
                caption: `Organisations by what is published of each indicator, ${state.quarter}`,
                filename: `quality-statuses-${state.quarter}`,
                columns: [
                    { key: "indicator_id", label: "Indicator", header: true,
                        sortKey: (row) => BCBV.indicatorName(row.indicator_id),
                        node: (row) => el("a", { href: BCBV.link("indicator", { id: row.indicator_id }) },
                            BCBV.indicatorName(row.indicator_id)) },
                    count("published", "Published"), count("caveat", "With a note"), count("withheld", "Withheld"),
                    ...(counts.some((row) => row.unusable) ? [count("unusable", "Unusable")] : []),
                    count("not_submitted", "Not submitted"), count("not_applicable", "Not applicable"),
                    count("suppressed", "Suppressed"),
                ],
                rows: counts,
            }),
            rows.length ? el("details", {},
                el("summary", {}, `Show the ${BCBV.countWords(rows.length, "figure that is", "figures that are")} `
                    + "withheld, not submitted or suppressed, each with its reason"),
                BCBV.table({
                    caption: `Figures not shown, ${state.quarter}`,
                    filename: `quality-not-shown-${state.quarter}`,
                    columns: [
                        { key: "organisation_code", label: "Organisation", header: true, code: true,
                            sortKey: (row) => BCBV.nameOf(row.organisation_code), node: organisationCell },
                        { key: "indicator_id", label: "Indicator", text: (row) => BCBV.shortName(row.indicator_id) },
                        { key: "publication_status", label: "Status",
                            csv: (row) => (row.disclosure_status === "suppressed" ? "suppressed" : row.publication_status),
                            node: (row) => BCBV.status(row.publication_status, row.disclosure_status, null) },
                        { key: "status_reason", label: "Reason",
                            text: (row) => (row.disclosure_status === "suppressed" ? "fewer than 8 cases"
                                : row.status_reason ? BCBV.reasonWords(row.status_reason)
                                    : row.publication_status === "not_submitted" ? "nothing was sent" : null) },
                    ],
                    rows,
                })) : BCBV.empty(`Nothing is withheld, missing or suppressed in ${state.quarter}.`));
    }

    const organisationCell = (row) => el("a", {
        href: BCBV.link("organisation", { id: row.organisation_code }),
    }, `${BCBV.nameOf(row.organisation_code)} (${row.organisation_code})`);

    // ---- by organisation ----------------------------------------------------------------------

    function organisations(senders, state) {
        const area = BCBV.index.areaByCode[state.params.sha] ? state.params.sha : null;
        const everyone = state.params.show === "all";
        const rows = senders.filter((row) => everyone || row.verdict !== "green")
            .filter((row) => !area
                || (BCBV.index.organisationByCode[row.organisation_code] || {}).sha_code === area);
        return BCBV.section("By organisation",
            el("p", { class: "choices" },
                BCBV.select({
                    id: "quality-show", label: "Show", value: everyone ? "all" : "remarks",
                    options: [{ value: "remarks", label: "what drew a remark" }, { value: "all", label: "everything sent" }],
                    onChange: (value) => BCBV.choose({ show: value === "all" ? "all" : null }),
                }),
                BCBV.select({
                    id: "quality-sha", label: "Authority", value: area || "",
                    options: [{ value: "", label: "all" }, ...BCBV.index.areas.map((one) => ({
                        value: one.area_code, label: BCBV.areaName(one.area_code),
                    }))],
                    onChange: (value) => BCBV.choose({ sha: value || null }),
                })),
            rows.length ? BCBV.table({
                caption: `${everyone ? "What each organisation sent" : "What drew a remark"}, ${state.quarter}`,
                filename: `quality-organisations-${state.quarter}`,
                limit: 100,
                columns: [
                    { key: "organisation_code", label: "Organisation", header: true, code: true,
                        sortKey: (row) => BCBV.nameOf(row.organisation_code), node: organisationCell },
                    { key: "feed", label: "Data", text: (row) => BCBV.name("feed", row.feed) },
                    { key: "verdict", label: "Verdict", node: (row) => BCBV.verdict(row.verdict),
                        sortKey: (row) => VERDICTS.indexOf(row.verdict) },
                    { key: "n_records", label: "Records", type: "number", descendingFirst: true,
                        text: (row) => (row.verdict === "not_submitted" ? null : words.countText(row.n_records)) },
                    { key: "completeness", label: "Of those expected", type: "number",
                        text: (row) => (row.completeness === null ? null
                            : words.valueText(row.completeness, "proportion")) },
                    { key: "dq_score", label: "Score of its fields", type: "number",
                        title: "0 to 100; of hospital data only",
                        text: (row) => (row.dq_score === null ? null : words.valueText(row.dq_score, "index")) },
                    { key: "rules_red", label: "Why", text: (row) => [
                        row.rules_red && `stops a figure: ${BCBV.reasonWords(row.rules_red)}`,
                        row.rules_amber && `remark: ${BCBV.reasonWords(row.rules_amber)}`,
                    ].filter(Boolean).join("; ") || (row.verdict === "not_submitted" ? "nothing was sent" : null) },
                    { key: "rules_amber", label: "Remarks", isHidden: true },
                ],
                rows,
            }) : BCBV.empty("Nothing drew a remark here."));
    }

    function rules() {
        return BCBV.section("The checks",
            el("details", {},
                el("summary", {}, `Show the ${BCBV.index.rules.length} checks, what each asks and what to do`),
                BCBV.table({
                    caption: "Checks of the data",
                    filename: "quality-rules",
                    columns: [
                        { key: "rule_id", label: "Check", header: true },
                        { key: "name", label: "Name" },
                        { key: "description", label: "What it asks" },
                        { key: "treatment", label: "What follows", text: (row) => ({
                            gate: "stops a figure", flag: "adds a note", quarantine: "sets rows aside",
                        }[row.treatment] || row.treatment) },
                        { key: "advice", label: "What to do" },
                    ],
                    rows: BCBV.index.rules,
                })));
    }
})();
