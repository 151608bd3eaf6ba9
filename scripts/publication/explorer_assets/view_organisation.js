// One organisation: how much is at stake and where to start, all its indicators, and one in detail.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el, words } = BCBV;
    const F = BCBV.figures;
    const { isNumber } = F;

    const MOST_PEERS = 4;
    const CONCERNS = {
        concern: "cause for concern", watch: "to be watched", data: "data in doubt",
    };

    const organisationOf = (state) => BCBV.index.organisationByCode[state.id];
    const shardOf = (state) => `o/${state.id}`;

    BCBV.view("organisation", {
        title: (state) => {
            if (!state.id) return "Organisations";
            return organisationOf(state) ? organisationOf(state).organisation_name
                : `No organisation ${state.id}`;
        },
        load: (state) => (organisationOf(state) ? [shardOf(state)] : []),
        render: (root, state) => {
            if (organisationOf(state)) renderOne(root, state);
            else renderAll(root, state);
        },
    });

    function renderAll(root, state) {
        if (state.id) {
            root.append(BCBV.empty(`There are no figures of an organisation ${state.id}. Search by name, or choose below.`));
        }
        root.append(
            el("p", { class: "lead" }, "Find an organisation by name or code in the search above, or here."),
            BCBV.table({
                caption: "Organisations with figures", filename: "organisations",
                columns: [
                    {
                        key: "organisation_code", label: "Organisation", header: true, code: true,
                        node: F.organisationCell, sortKey: (row) => row.organisation_name,
                    },
                    {
                        key: "organisation_class", label: "Kind",
                        text: (row) => F.sentence(F.noun(row.organisation_class, false)),
                    },
                    { key: "sha_code", label: "Health authority", text: (row) => BCBV.nameOf(row.sha_code) },
                    { key: "cluster", label: "Peer group" },
                ],
                rows: BCBV.index.organisations, sort: { key: "organisation_code" },
            }),
        );
    }

    // ---- one organisation -----------------------------------------------------------------------

    // A quarter's rows of an organisation, each with its statistics, trend and change.
    function quarterRows(state) {
        const of = (table, extra = () => true) => new Map(BCBV.rows(shardOf(state), table)
            .filter((row) => row.quarter === state.quarter && extra(row))
            .map((row) => [row.indicator_id, row]));
        const statistics = of("statistics");
        // For the latest quarters only.
        const chance = of("chance");
        const trends = of("trend");
        return [...of("values").values()].map((row) => ({
            ...row,
            statistics: { ...statistics.get(row.indicator_id), ...chance.get(row.indicator_id) },
            trend: trends.get(row.indicator_id) || null,
            indicator: BCBV.index.indicatorById[row.indicator_id],
        }));
    }

    // Where to look first: the release's own order, then the most money, then any figure.
    function firstOf(rows) {
        const ordered = rows.filter((row) => isNumber(row.statistics.focus_order))
            .sort((a, b) => a.statistics.focus_order - b.statistics.focus_order);
        return ordered[0] || rows.find((row) => isNumber(row.value)) || rows[0];
    }

    function renderOne(root, state) {
        const rows = quarterRows(state);
        root.append(whatItIs(state));
        if (!rows.length) {
            root.append(BCBV.empty(`It has no row in ${state.quarter}. ${lastQuarter(state)}`));
            return;
        }
        root.append(...[answer(state, rows), start(state, rows), table(state, rows)].filter(Boolean));
        const chosen = rows.find((row) => row.indicator_id === state.params.indicator) || firstOf(rows);
        const detail = el("div");
        root.append(detail);
        const key = `i/${chosen.indicator_id}/${BCBV.year(state.quarter)}`;
        if (BCBV.has(key)) renderDetail(detail, state, rows, chosen, key);
        else {
            detail.setAttribute("aria-busy", "true");
            detail.append(el("p", { class: "quiet-text" }, "Loading the figures of its peers"));
            BCBV.load([key]).then(() => {
                if (!detail.isConnected) return;
                detail.replaceChildren();
                detail.removeAttribute("aria-busy");
                renderDetail(detail, state, rows, chosen, key);
            });
        }
    }

    function lastQuarter(state) {
        const last = BCBV.rows(shardOf(state), "values").map((row) => row.quarter).sort().at(-1);
        return last ? `Its last figures are of ${words.quarterWords(last)}.` : "";
    }

    function whatItIs(state) {
        const organisation = organisationOf(state);
        const closed = organisation.close_date && organisation.close_date <= quarterEnd(state)
            ? ` Closed on ${BCBV.dateWords(organisation.close_date)}.` : "";
        const sha = organisation.sha_code && el("a", { href: BCBV.link("sha", { id: organisation.sha_code }) },
            BCBV.nameOf(organisation.sha_code));
        return el("p", { class: "lead" },
            `${F.sentence(F.noun(organisation.organisation_class, false))} ${state.id}`,
            sha ? [" in ", sha] : null,
            organisation.cluster ? `, peer group ${organisation.cluster}` : null, `.${closed} `,
            state.quarter === BCBV.index.latestQuarter
                ? el("a", { href: `../scorecards/${encodeURIComponent(state.id)}.pdf` }, "One-page scorecard (PDF)") : null);
    }

    const quarterEnd = (state) =>
        BCBV.index.quarters.find((row) => row.quarter === state.quarter).quarter_end_date;

    function answer(state, rows) {
        const sums = new Map(BCBV.rows(shardOf(state), "opportunity")
            .filter((row) => row.quarter === state.quarter).map((row) => [row.indicator_id, row]));
        const all = sums.get("ALL");
        const netted = sums.get("ALL_NETTED");
        const ranked = rows.filter((row) => isNumber(row.quartile));
        const best = ranked.filter((row) => row.quartile === 1).length;
        const last = ranked.filter((row) => row.quartile === 4).length;
        const concerns = rows.filter((row) => row.statistics.concern === "concern").length;
        const doubts = rows.filter((row) => row.publication_status === "caveat"
            || row.publication_status === "withheld").length;
        const hidden = rows.filter(F.isHidden).length;
        const absent = rows.filter((row) => row.publication_status === "not_submitted").length;
        const months = words.quarterWords(state.quarter);
        const big = all && isNumber(all.opportunity_annual_gbp)
            ? el("p", { class: "answer" },
                el("span", { class: "big" }, `${words.poundsText(all.opportunity_annual_gbp)} a year`),
                "is what it would save at the level of the best quarter of its kind, going by "
                    + `${months}, added up as published.`
                    + (netted && isNumber(netted.opportunity_annual_gbp)
                        ? ` With what two indicators share counted once: ${words.poundsText(netted.opportunity_annual_gbp)}.` : "")
                    + (all.n_suppressed ? ` Without ${all.n_suppressed} suppressed.` : ""))
            : el("p", { class: "answer" }, el("span", { class: "big" }, "No pounds"),
                `can be reckoned for ${months}: no indicator with a price has a figure.`);
        const fact = (term, text, note) => el("div", null, el("dt", null, term),
            el("dd", null, text, note ? el("span", { class: "note" }, ` ${note}`) : null));
        return el("div", null, big, el("dl", { class: "facts" },
            fact("In the best quarter", `${best} of ${ranked.length}`, "ranked indicators"),
            fact("In the last quarter", `${last} of ${ranked.length}`, "ranked indicators"),
            fact("Causes for concern", String(concerns), concerns ? "marked in the table" : null),
            fact("Data in doubt", String(doubts), doubts ? "with a note or withheld" : null),
            hidden ? fact("Suppressed", String(hidden), "fewer than 8 cases") : null,
            absent ? fact("Not submitted", String(absent)) : null));
    }

    // The first three, in words.
    function start(state, rows) {
        const first = rows.filter((row) => isNumber(row.statistics.focus_order) && !F.isHidden(row))
            .sort((a, b) => a.statistics.focus_order - b.statistics.focus_order).slice(0, 3);
        if (!first.length) return null;
        return BCBV.section("Where to start",
            el("ol", { class: "start" }, first.map((row) => el("li", null,
                el("a", { href: BCBV.here({ indicator: row.indicator_id }) }, row.indicator.name),
                `: ${F.inWords(row, row.indicator)}, ${words.rankWords(row.national_rank, row.n_ranked, row.quartile)}; `,
                el("strong", null, `${words.poundsText(row.opportunity_annual_gbp)} a year`), ".",
                isNumber(row.statistics.opportunity_annual_lower_gbp)
                    ? ` Allowing for chance, between ${words.poundsText(row.statistics.opportunity_annual_lower_gbp)}`
                        + ` and ${words.poundsText(row.statistics.opportunity_annual_upper_gbp)}.` : null))),
            el("p", { class: "note" }, "By how many pounds are left when chance is allowed for, the most first."));
    }

    function rankCell(row) {
        if (!isNumber(row.national_rank)) return "not ranked";
        return el("span", { class: "rank" }, words.rankWords(row.national_rank, row.n_ranked, null),
            isNumber(row.quartile)
                ? [el("br"), el("span", { class: "quiet-text" }, words.quartileWords(row.quartile))] : null);
    }

    function table(state, rows) {
        const amount = (key, header, what) => ({
            key, label: header, type: "number",
            text: (row) => (isNumber(row[key]) ? F.counted(row[key], row.indicator[what]) : null),
        });
        const figure = (key) => (row) =>
            (isNumber(row[key]) ? words.valueText(row[key], row.indicator.unit) : null);
        const concern = (row) => CONCERNS[row.statistics.concern];
        return BCBV.section("All its indicators",
            BCBV.table({
                caption: `${BCBV.nameOf(state.id)}, ${words.quarterWords(state.quarter)}`,
                filename: `${state.id} ${state.quarter}`, stacked: true,
                columns: [
                    {
                        key: "indicator_id", label: "Indicator", header: true, sortKey: (row) => row.indicator.name,
                        node: (row) => el("span", null,
                            el("a", { href: BCBV.here({ indicator: row.indicator_id }) }, row.indicator.name),
                            el("br"), el("span", { class: "quiet-text" }, F.direction(row.indicator))),
                    },
                    { key: "value", label: "Value", type: "number", text: figure("value") },
                    { ...amount("numerator", "Numerator", "numerator_label"), type: "text" },
                    { ...amount("denominator", "Denominator", "denominator_label"), type: "text" },
                    { key: "benchmark_value", label: "Best quarter", type: "number", text: figure("benchmark_value") },
                    {
                        key: "national_rank", label: "Rank",
                        node: rankCell, csv: (row) => row.national_rank,
                        sortKey: (row) => (isNumber(row.national_rank) ? row.national_rank / row.n_ranked : null),
                    },
                    {
                        key: "trend", label: "Trend", node: (row) => F.trendCell(row.trend),
                        sortKey: (row) => row.trend && row.trend.variation,
                        csv: (row) => row.trend && row.trend.variation,
                    },
                    {
                        key: "opportunity_annual_gbp", label: "£ a year", type: "number", descendingFirst: true,
                        text: (row) => (isNumber(row.opportunity_annual_gbp)
                            ? words.poundsFull(row.opportunity_annual_gbp)
                            : row.indicator.price_basis === "none" ? "no price" : null),
                    },
                    {
                        key: "publication_status", label: "Status", sortKey: F.statusCode, csv: F.statusCode,
                        node: (row) => el("span", null, F.statusCell(row),
                            concern(row) && !F.isHidden(row) ? [" ", el("strong", { class: "concern" }, concern(row))] : null),
                    },
                ],
                rows,
            }));
    }

    // ---- one of its indicators ------------------------------------------------------------------

    function renderDetail(root, state, rows, chosen, key) {
        const { indicator } = chosen;
        const about = {
            indicator, quarter: state.quarter, own: state.id,
            peers: (state.params.peers || "").split(",").filter(Boolean).slice(0, MOST_PEERS),
        };
        const organisationClass = organisationOf(state).organisation_class;
        const everyone = BCBV.rows(key, "values").filter((row) =>
            row.quarter === state.quarter && row.organisation_class === organisationClass);
        const national = BCBV.rows(key, "thresholds").find((row) => row.quarter === state.quarter
            && row.organisation_class === organisationClass && row.peer_set === "national");
        const of = (table) => BCBV.rows(shardOf(state), table)
            .filter((row) => row.indicator_id === indicator.indicator_id);
        const change = of("change").find((row) =>
            row.quarter === state.quarter && row.comparison === "previous");
        root.append(BCBV.section(indicator.name,
            el("div", { class: "choices" },
                BCBV.select({
                    id: "choose-indicator", label: "Indicator", value: indicator.indicator_id,
                    options: rows.map((row) => ({
                        value: row.indicator_id, label: `${row.indicator_id} ${row.indicator.name}`,
                    })),
                    onChange: (id) => BCBV.choose({ indicator: id, by: null }),
                }),
                peerChoice(state, about, everyone)),
            inWords(chosen, everyone),
            el("div", { class: "figures" },
                F.throughTime(F.joined(of("values"), of("trend")), about),
                F.changed(change, about),
                F.rankedBars(everyone, about, national),
                F.funnel(everyone, about),
                F.distribution(everyone, about, national)),
            money(state, of("drilldown"), chosen, about),
            advice(indicator)));
    }

    // Other organisations to mark in the charts, in the address as peers=RWE,RTG.
    function peerChoice(state, about, everyone) {
        const free = everyone.filter((row) => row.organisation_code !== about.own
            && !about.peers.includes(row.organisation_code) && isNumber(row.value));
        const name = (code) => `${BCBV.nameOf(code)} (${code})`;
        const options = free.map((row) => ({ value: row.organisation_code, label: name(row.organisation_code) }))
            .sort((a, b) => a.label.localeCompare(b.label, "en-GB"));
        const choose = (peers) => BCBV.choose({ peers: peers.join(",") || null });
        return [
            about.peers.length < MOST_PEERS && BCBV.select({
                id: "choose-peer", label: "Mark a peer", value: "",
                options: [{ value: "", label: "none" }, ...options],
                onChange: (code) => code && choose([...about.peers, code]),
            }),
            about.peers.map((code) => el("button", {
                type: "button", class: "button quiet", id: `without-${code}`,
                onclick: () => choose(about.peers.filter((other) => other !== code)),
            }, `Without ${name(code)}`)),
        ];
    }

    function inWords(row, everyone) {
        const { indicator, statistics } = row;
        if (F.isHidden(row) || !isNumber(row.value)) {
            return el("p", { class: "answer" },
                `${F.sentence(words.statusWords(row.publication_status, row.disclosure_status))}.`
                    + (row.status_reason && !F.isHidden(row) ? ` ${BCBV.reasonWords(row.status_reason)}.` : ""));
        }
        const text = indicator.unit === "index"
            ? `${F.sentence(F.inWords(row, indicator))} (${F.value(row, indicator)})` : F.value(row, indicator);
        const best = isNumber(row.benchmark_value)
            ? `The best quarter ends at ${words.valueText(row.benchmark_value, indicator.unit)}; ${F.direction(indicator)}. `
            : `${F.sentence(F.direction(indicator))}. `;
        const rank = isNumber(row.national_rank)
            ? `${F.sentence(words.rankWords(row.national_rank, row.n_ranked, row.quartile))}`
                + (isNumber(statistics.rank_best_95) && isNumber(statistics.rank_worst_95)
                    ? `; allowing for chance, between ${words.ordinal(statistics.rank_best_95)} and ${words.ordinal(statistics.rank_worst_95)}` : "")
                + (isNumber(row.sha_rank) ? `; ${words.ordinal(row.sha_rank)} of ${row.sha_n_ranked} in its health authority` : "")
                + ". " : "Not ranked. ";
        const chance = statistics.funnel_position
            ? `Against its peers it is ${F.POSITIONS[statistics.funnel_position]}. ` : "";
        const money = isNumber(row.opportunity_annual_gbp)
            ? `${words.poundsText(row.opportunity_annual_gbp)} a year at the level of the best quarter. ` : "";
        return el("div", null,
            el("p", { class: "answer" }, el("strong", null, text), `: ${F.madeOf(row, indicator)}.`),
            el("p", null, best, rank, chance, money, F.statusCell(row)));
    }

    function money(state, rows, chosen, about) {
        const title = "Where it lies";
        if (F.isHidden(chosen)) {
            return lies(title, BCBV.empty("Suppressed, and with it every division of it: fewer than 8 cases, hidden to protect patients."));
        }
        if (!BCBV.index.drilldown_quarters.includes(state.quarter)) {
            return lies(title, BCBV.empty(`Divisions are on these pages for ${BCBV.index.drilldown_quarters.join(", ")};`
                + " older ones are in the table drilldown of the release."));
        }
        const here = rows.filter((row) => row.quarter === state.quarter);
        const dimensions = F.DIMENSIONS.filter((name) => here.some((row) => row.dimension === name));
        if (!dimensions.length) {
            return lies(title, BCBV.empty("There is no division of this indicator."));
        }
        const chosenBy = dimensions.includes(state.params.by) ? state.params.by : dimensions[0];
        return lies(title, dimensions.length > 1 ? el("div", { class: "choices" }, BCBV.select({
            id: "choose-dimension", label: "Divided by", value: chosenBy,
            options: dimensions.map((name) => ({ value: name, label: F.sentence(F.dimensionName(name)) })),
            onChange: (name) => BCBV.choose({ by: name }),
        })) : null, F.drilldown(here, about, chosenBy));
    }

    const lies = (title, ...children) => el("div", { class: "part" }, el("h3", null, title), children);

    const advice = (indicator) => el("div", { class: "columns" },
        indicator.how_to_improve && el("div", null, el("h3", null, "What others have done"),
            el("p", null, indicator.how_to_improve)),
        indicator.caveats && el("div", null, el("h3", null, "What the figure does not say"),
            el("p", null, indicator.caveats,
                " ", el("a", { href: BCBV.link("indicator", { id: indicator.indicator_id }) }, "Definition and all organisations"))));
})();
