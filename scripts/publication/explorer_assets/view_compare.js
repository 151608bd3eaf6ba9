// Up to six organisations of the reader's choice, kept in the address.
(function () {
    "use strict";

    const { el, words } = BCBV;
    const MOST = 6;

    const chosen = (state) => (state.params.organisations || "").split(",")
        .filter((code, place, all) => BCBV.index.organisationByCode[code] && all.indexOf(code) === place)
        .slice(0, MOST);
    const address = (codes) => ({ organisations: codes.length ? codes.join(",") : null });

    BCBV.view("compare", {
        title: () => "Compare organisations",
        load: (state) => chosen(state).map((code) => `o/${code}`),
        render(root, state) {
            const codes = chosen(state);
            root.append(picker(codes, state));
            if (!codes.length) {
                root.append(BCBV.empty("No organisation is chosen yet. Choose up to six: by name, by code, or by an "
                    + "example below. The address of this page keeps the choice."), examples());
                return;
            }
            root.append(table(codes, state), throughTime(codes, state));
        },
    });

    // ---- choosing -----------------------------------------------------------------------------

    function picker(codes, state) {
        const input = el("input", {
            type: "text", id: "compare-add", list: "compare-list", autocomplete: "off",
            disabled: codes.length >= MOST,
        });
        const message = el("p", { class: "quiet-text", role: "status" },
            codes.length >= MOST ? "Six are chosen: remove one to add another." : "");
        const add = () => {
            const code = codeOf(input.value);
            if (!code) {
                message.textContent = input.value.trim()
                    ? `No organisation is called “${input.value.trim()}”.` : "Type a name or a code first.";
                return;
            }
            BCBV.choose(address([...codes, code]));
        };
        return el("div", {},
            codes.length ? el("ul", { class: "chosen" }, codes.map((code) => el("li", {},
                el("a", { href: BCBV.link("organisation", { id: code }) }, BCBV.nameOf(code)), ` (${code}) `,
                el("button", {
                    type: "button", class: "button quiet",
                    onclick: () => BCBV.choose(address(codes.filter((one) => one !== code))),
                }, "Remove", el("span", { class: "hidden-text" }, ` ${BCBV.nameOf(code)}`))))) : null,
            el("form", { class: "choices", onsubmit: (event) => { event.preventDefault(); add(); } },
                el("span", { class: "choice" },
                    el("label", { for: "compare-add" }, "Add an organisation by name or code"), " ", input,
                    el("button", { class: "button", type: "submit", disabled: codes.length >= MOST }, "Add"))),
            el("datalist", { id: "compare-list" }, BCBV.index.organisations.map((row) => el("option", {
                value: `${row.organisation_code} ${row.organisation_name}`,
            }))),
            message,
            codes.length ? nearest(codes, state) : null);
    }

    // "RGT", "rgt Cambridge University …", or a name that only one organisation has.
    function codeOf(text) {
        const wanted = text.trim().toLowerCase();
        if (!wanted) return null;
        const first = wanted.split(" ")[0].toUpperCase();
        if (BCBV.index.organisationByCode[first]) return first;
        const found = BCBV.index.organisations.filter((row) =>
            row.organisation_name.toLowerCase().includes(wanted));
        return found.length === 1 ? found[0].organisation_code : null;
    }

    // Others of the first one's peer group (trusts) or authority (PCTs), as far as there is room.
    function nearest(codes) {
        const own = BCBV.index.organisationByCode[codes[0]];
        const key = own.cluster ? "cluster" : "sha_code";
        const peers = BCBV.index.organisations.filter((row) => row[key] === own[key] && own[key]
            && row.organisation_class === own.organisation_class && !codes.includes(row.organisation_code)
            && (key !== "cluster" || row.sha_code === own.sha_code || !own.sha_code));
        if (codes.length >= MOST || !peers.length) return null;
        const more = peers.slice(0, MOST - codes.length).map((row) => row.organisation_code);
        return el("p", {}, el("a", { href: BCBV.here(address([...codes, ...more])) },
            `Add ${BCBV.countWords(more.length, "other", "others")} like ${own.organisation_name}`),
        key === "cluster" ? ` (${own.cluster}, same authority)` : " (same authority)");
    }

    function examples() {
        const groups = ["trust", "pct"].map((organisationClass) => BCBV.index.organisations
            .filter((row) => row.organisation_class === organisationClass).slice(0, 3));
        return el("ul", {}, groups.filter((group) => group.length).map((group) => el("li", {},
            el("a", { href: BCBV.here(address(group.map((row) => row.organisation_code))) },
                group.map((row) => row.organisation_name).join(", ")))));
    }

    // ---- side by side -------------------------------------------------------------------------

    const rowOf = (code, id, quarter) => BCBV.rows(`o/${code}`, "values")
        .find((row) => row.indicator_id === id && row.quarter === quarter);
    const isShown = (row) => row && row.disclosure_status !== "suppressed" && row.value !== null;

    function table(codes, state) {
        const rows = BCBV.index.indicators.map((indicator) => {
            const row = { indicator_id: indicator.indicator_id };
            for (const code of codes) row[code] = rowOf(code, indicator.indicator_id, state.quarter);
            return row;
        }).filter((row) => codes.some((code) => row[code]));
        const sum = (code) => BCBV.rows(`o/${code}`, "opportunity")
            .find((row) => row.indicator_id === "ALL" && row.quarter === state.quarter);
        return BCBV.section("Side by side",
            el("p", {}, "Values, with the national rank below: 1 is the best of its kind. Trusts and primary care "
                + "trusts share few indicators."),
            BCBV.table({
                caption: `Values and national ranks, ${state.quarter}`,
                class: "matrix",
                filename: `compare-${state.quarter}`,
                columns: [
                    { key: "indicator_id", label: "Indicator", header: true,
                        sortKey: (row) => BCBV.indicatorName(row.indicator_id),
                        node: (row) => el("span", {},
                            el("a", { href: BCBV.here({ indicator: row.indicator_id }) },
                                BCBV.indicatorName(row.indicator_id)),
                            el("span", { class: "unit" }, meaning(row.indicator_id))) },
                    ...codes.map((code) => ({
                        key: code, label: BCBV.nameOf(code), type: "number",
                        csvKey: `${code} ${BCBV.nameOf(code)}`,
                        csv: (row) => (isShown(row[code]) ? row[code].value : null),
                        sortKey: (row) => (isShown(row[code]) ? row[code].national_rank : null),
                        node: (row) => cell(row[code], row.indicator_id, code),
                    })),
                ],
                rows,
            }),
            BCBV.table({
                caption: `Opportunity as published, ${state.quarter}`,
                filename: `compare-opportunity-${state.quarter}`,
                columns: [
                    { key: "organisation_code", label: "Organisation", header: true, code: true,
                        text: (row) => BCBV.nameOf(row.organisation_code) },
                    { key: "opportunity_annual_gbp", label: "£ a year", type: "number", descendingFirst: true,
                        text: (row) => (row.opportunity_annual_gbp === null ? null
                            : words.poundsFull(row.opportunity_annual_gbp)) },
                ],
                rows: codes.map((code) => ({
                    organisation_code: code, opportunity_annual_gbp: (sum(code) || {}).opportunity_annual_gbp ?? null,
                })),
            }));
    }

    // "lower is better"; of a unit that its figure does not tell, the unit before it.
    function meaning(id) {
        const { unit, direction } = BCBV.index.indicatorById[id];
        const said = BCBV.name("direction", direction);
        return unit === "proportion" ? said : `${unit}; ${said}`;
    }

    function cell(row, id, code) {
        if (!row) return el("span", { class: "none" }, "not measured");
        if (!isShown(row)) return BCBV.status(row.publication_status, row.disclosure_status, null);
        const indicator = BCBV.index.indicatorById[id];
        return el("a", { href: BCBV.link("organisation", { id: code, indicator: id }), class: "plain" },
            words.valueText(row.value, indicator.unit),
            el("span", { class: "unit" }, row.national_rank === null
                ? (row.publication_status === "withheld" ? "withheld" : "not ranked")
                : words.rankWords(row.national_rank, row.n_ranked)));
    }

    function throughTime(codes, state) {
        const shared = BCBV.index.indicators.filter((indicator) => codes.some((code) =>
            BCBV.rows(`o/${code}`, "values").some((row) => row.indicator_id === indicator.indicator_id)));
        if (!shared.length) return null;
        const indicator = shared.find((one) => one.indicator_id === state.params.indicator) || shared[0];
        const quarters = BCBV.index.quarterNames;
        const series = codes.map((code) => ({
            label: shortLabel(code),
            points: quarters.map((quarter) => {
                const row = rowOf(code, indicator.indicator_id, quarter);
                return { quarter, value: isShown(row) ? row.value : null };
            }),
        })).filter((one) => one.points.some((point) => point.value !== null));
        return BCBV.section("Through time",
            el("p", { class: "choices" }, BCBV.select({
                id: "compare-indicator", label: "Indicator", value: indicator.indicator_id,
                options: shared.map((one) => ({ value: one.indicator_id, label: one.name })),
                onChange: (value) => BCBV.choose({ indicator: value }),
            })),
            series.length ? BCBV.figure({
                title: indicator.name,
                subtitle: `${indicator.unit === "index" ? "Index, 100 is as expected" : indicator.unit}; `
                    + `${BCBV.name("direction", indicator.direction)}.`,
                alt: `Line chart of ${series.length} organisations. ${series.map((one) => {
                    const now = one.points.find((point) => point.quarter === state.quarter);
                    return `${one.label} ${words.valueText(now ? now.value : null, indicator.unit)}`;
                }).join("; ")} in ${state.quarter}.`,
                svg: (width) => BCBV.charts.line([], {
                    width, unit: indicator.unit, series, quarters, current: state.quarter, height: 340,
                }),
                table: {
                    columns: [
                        { key: "quarter", label: "Quarter", header: true },
                        ...series.map((one) => ({
                            key: one.label, label: one.label, type: "number",
                            text: (row) => (row[one.label] === null ? null
                                : words.valueText(row[one.label], indicator.unit)),
                        })),
                    ],
                    rows: quarters.map((quarter, place) => {
                        const row = { quarter };
                        for (const one of series) row[one.label] = one.points[place].value;
                        return row;
                    }),
                },
                filename: `compare-${indicator.indicator_id}`,
                wide: true,
            }) : BCBV.empty("None of them has a figure of this indicator in any quarter."));
    }

    const shortLabel = (code) => {
        const name = BCBV.nameOf(code).replace(/ (NHS )?(Foundation )?Trust$| NHS| (Teaching )?PCT$/g, "");
        return `${code} ${name.length > 22 ? `${name.slice(0, 20).trim()}…` : name}`;
    };
})();
