// Figures of one indicator, with their words and tables: what the views of an indicator and of an
// organisation share. `about` is {indicator, quarter, own, peers}; rows are those of the shards.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el, words } = BCBV;
    const isNumber = (value) => typeof value === "number";

    const CLASSES = {
        trust: ["trust", "trusts"], pct: ["primary care trust", "primary care trusts"],
    };
    const POSITIONS = {
        within: "within the limits: chance and what usually sets organisations apart explain it",
        worse_95: "worse, beyond the 95 % limits",
        worse_998: "worse, beyond the 99.8 % limits",
        better_95: "better, beyond the 95 % limits",
        better_998: "better, beyond the 99.8 % limits",
    };

    const direction = (indicator) => BCBV.name("direction", indicator.direction);
    const noun = (name, many = true) => (CLASSES[name] || ["organisation", "organisations"])[many ? 1 : 0];
    const isHidden = (row) => row.disclosure_status === "suppressed";
    const isCompared = (row) => isNumber(row.value) && !isHidden(row)
        && (row.publication_status === "published" || row.publication_status === "caveat");
    const value = (row, indicator) => words.valueText(row.value, indicator.unit);

    // What a figure is of, where it stands alone.
    const subject = ({ indicator, own }) =>
        (own ? `${indicator.name}, ${BCBV.nameOf(own)}` : indicator.name);

    // A name without what all names have, for a label in a chart.
    function shortName(code) {
        const name = BCBV.nameOf(code)
            .replace(/ (University )?(Teaching )?(Hospitals?|Healthcare|Health Care)? ?(NHS )?(Foundation )?(Trust|PCT|Care Trust)$/, "")
            .replace(/^(The )?University Hospitals? (of )?/, "")
            .trim();
        return name && name.length <= 32 ? name : code;
    }
    const label = (code, width) => (width < 480 ? code : shortName(code));

    // A count with what it counts; sums of money say so in their label.
    function counted(number, what) {
        if (!isNumber(number)) return "–";
        const pounds = /, £$/.test(what || "");
        const text = pounds ? words.poundsFull(number) : words.countText(number);
        return what ? `${text} ${what.replace(/, £$/, "")}` : text;
    }

    // What a ratio is made of, in words.
    function madeOf(row, indicator) {
        if (!isNumber(row.numerator)) return "";
        const above = counted(row.numerator, indicator.numerator_label);
        const below = counted(row.denominator, indicator.denominator_label);
        if (indicator.unit === "index") {
            const expected = isNumber(row.expected) ? words.valueText(row.expected, "index") : "–";
            return `${above} against ${expected} expected, over ${below}`;
        }
        return indicator.unit === "proportion" ? `${above} of ${below}` : `${above} for ${below}`;
    }

    // The value as people say it.
    function inWords(row, indicator) {
        return indicator.unit === "index"
            ? words.indexWords(row.value, indicator.above_words, indicator.below_words)
            : value(row, indicator);
    }

    const organisationCell = (row) => el("a", {
        href: BCBV.link("organisation", { id: row.organisation_code, indicator: row.indicator_id }),
    }, `${BCBV.nameOf(row.organisation_code)} (${row.organisation_code})`);

    const statusCell = (row) =>
        BCBV.status(row.publication_status, row.disclosure_status, row.status_reason);

    const statusCode = (row) => (isHidden(row) ? "suppressed" : row.publication_status);

    // All organisations of a quarter as a table.
    function everyone(rows, about) {
        const { indicator } = about;
        const amount = (key, header) => ({
            key, label: header, type: "number",
            text: (row) => (isNumber(row[key]) ? words.countText(row[key]) : null),
        });
        const columns = [
            {
                key: "national_rank", label: "Rank", type: "number",
                text: (row) => (isNumber(row.national_rank) ? String(row.national_rank) : null),
            },
            {
                key: "organisation_code", label: "Organisation", header: true, code: true,
                node: (row) => organisationCell({ ...row, indicator_id: indicator.indicator_id }),
                sortKey: (row) => BCBV.nameOf(row.organisation_code),
            },
            {
                key: "value", label: "Value", type: "number",
                text: (row) => (isNumber(row.value) ? value(row, indicator) : null),
            },
            amount("numerator", sentence(indicator.numerator_label || "numerator")),
            amount("denominator", sentence(indicator.denominator_label || "denominator")),
            indicator.is_standardised && {
                key: "expected", label: "Expected", type: "number",
                text: (row) => (isNumber(row.expected) ? words.valueText(row.expected, "index") : null),
            },
            {
                key: "quartile", label: "Quarter", type: "number",
                text: (row) => (isNumber(row.quartile) ? words.quartileWords(row.quartile) : null),
            },
            indicator.price_basis !== "none" && {
                key: "opportunity_annual_gbp", label: "£ a year", type: "number",
                text: (row) => (isNumber(row.opportunity_annual_gbp)
                    ? words.poundsFull(row.opportunity_annual_gbp) : null),
                descendingFirst: true,
            },
            {
                key: "publication_status", label: "Status", node: statusCell,
                sortKey: statusCode, csv: statusCode,
            },
        ].filter(Boolean);
        const marked = [about.own, ...(about.peers || [])];
        return {
            columns, rows, sort: { key: "national_rank" },
            filename: `${indicator.indicator_id} ${about.quarter}`,
            rowClass: (row) => (marked.includes(row.organisation_code) ? "own" : null),
        };
    }

    const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

    // Those that are drawn: the ranked, or where nothing is ranked all that are published; and the
    // reader's own organisation whatever it is, if it has a value.
    function drawn(rows, about) {
        const ranked = rows.filter((row) => isNumber(row.national_rank));
        const shown = ranked.length ? ranked : rows.filter(isCompared);
        const own = rows.find((row) => row.organisation_code === about.own);
        return own && isNumber(own.value) && !shown.includes(own) ? [...shown, own] : shown;
    }

    // Specialist trusts stand in the order of all, but set no benchmark and have ranks of their own.
    function apart(shown) {
        const count = shown.filter((row) => isNumber(row.national_rank)
            && BCBV.index.organisationByCode[row.organisation_code].organisation_type === "acute_specialist").length;
        return count ? `${BCBV.countWords(count, "specialist trust is", "specialist trusts are")} drawn,`
            + " but ranked apart and no part of the best quarter. " : "";
    }

    function leftOut(rows, shown) {
        const out = rows.filter((row) => !shown.includes(row));
        if (!out.length) return "";
        const suppressed = out.filter(isHidden).length;
        const counts = [
            [out.filter((row) => !isHidden(row) && isCompared(row)).length, "not ranked"],
            [out.filter((row) => !isHidden(row) && row.publication_status === "withheld").length, "withheld"],
            [suppressed, "suppressed"],
            [out.filter((row) => row.publication_status === "not_submitted").length, "not submitted"],
        ].filter(([count]) => count).map(([count, what]) => `${count} ${what}`);
        const other = out.length - counts.reduce((sum, text) => sum + parseInt(text, 10), 0);
        if (other) counts.push(`${other} without a case to measure or usable data`);
        return `In the table but not drawn: ${counts.join(", ")}.`;
    }

    const points = (rows, width) => rows.map((row) => ({
        code: row.organisation_code, value: row.value, label: label(row.organisation_code, width),
    }));

    const thresholds = (national) => (national ? [
        { label: "Best quarter", value: national.best_quartile_threshold },
        { label: "Middle", value: national.median, colour: "#56636d", dash: "2 3" },
    ] : []);

    function ownWords(row, about) {
        if (!row || !isNumber(row.value)) return "";
        const place = isNumber(row.national_rank)
            ? `stands ${words.rankWords(row.national_rank, row.n_ranked, row.quartile)}`
            : "is not ranked";
        return ` ${BCBV.nameOf(about.own)} ${place} with ${value(row, about.indicator)}.`;
    }

    function rankedBars(rows, about, national) {
        const { indicator } = about;
        const shown = drawn(rows, about);
        if (!shown.length) return BCBV.empty("No organisation has a published value in this quarter.");
        const extent = window.d3.extent(shown, (row) => row.value);
        const own = rows.find((row) => row.organisation_code === about.own);
        const kind = noun(shown[0].organisation_class);
        const best = national && isNumber(national.best_quartile_threshold)
            ? ` The best quarter ends at ${words.valueText(national.best_quartile_threshold, indicator.unit)}.` : "";
        return BCBV.figure({
            of: subject(about),
            title: `All ${shown.length} ${kind} in order`, wide: true,
            subtitle: indicator.direction === "context" ? `The highest first; ${direction(indicator)}.`
                : `The best at the left; ${direction(indicator)}.`
                    + (indicator.unit === "index" ? " 100 is what is expected of the same cases." : ""),
            alt: `Bars of ${shown.length} ${kind} in order, from ${words.valueText(extent[0], indicator.unit)}`
                + ` to ${words.valueText(extent[1], indicator.unit)}.${best}${ownWords(own, about)}`,
            svg: (width) => BCBV.charts.bars(points(shown, width), {
                width, unit: indicator.unit, direction: indicator.direction, own: about.own,
                peers: about.peers, thresholds: thresholds(national),
            }),
            note: apart(shown) + leftOut(rows, shown) || null,
            filename: `${indicator.indicator_id} ${about.quarter} in order`,
            table: everyone(rows, about),
        });
    }

    function distribution(rows, about, national) {
        const { indicator } = about;
        const shown = drawn(rows, about);
        if (shown.length < 3) return null;
        const own = rows.find((row) => row.organisation_code === about.own);
        const kind = noun(shown[0].organisation_class);
        const middle = national && isNumber(national.median)
            ? `Half of them have ${words.valueText(national.median, indicator.unit)} or less.` : "";
        return BCBV.figure({
            of: subject(about),
            title: "How they are spread",
            subtitle: `How many ${kind} have which value; ${direction(indicator)}.`,
            alt: `How many of ${shown.length} ${kind} have which value. ${middle}${ownWords(own, about)}`,
            svg: (width) => BCBV.charts.histogram(points(shown, width), {
                width, unit: indicator.unit, own: about.own, peers: about.peers,
                thresholds: thresholds(national),
            }),
            filename: `${indicator.indicator_id} ${about.quarter} spread`,
            table: everyone(shown, about),
        });
    }

    function funnel(rows, about) {
        const { indicator } = about;
        const shown = rows.filter((row) => isNumber(row.value) && row.funnel_position && !isHidden(row));
        if (!shown.length) {
            return figureless("Is the difference more than chance?", indicator.interval_method === "none"
                ? "This indicator counts pounds or invoices: there is no chance variation to reckon limits from."
                : "Fewer than ten organisations can be compared: too few for limits.");
        }
        const size = (row) => (isNumber(row.expected) ? row.expected : row.denominator);
        const outside = (start) => shown.filter((row) => row.funnel_position.startsWith(start)).length;
        const own = rows.find((row) => row.organisation_code === about.own);
        const ownText = own && own.funnel_position
            ? ` ${BCBV.nameOf(about.own)} is ${POSITIONS[own.funnel_position]}.` : "";
        return BCBV.figure({
            of: subject(about),
            title: "Is the difference more than chance?",
            subtitle: "Larger organisations to the right, where chance moves a value less. "
                + "Dotted line: 95 % limits; full line: 99.8 %.",
            alt: `Values of ${shown.length} organisations by size, with limits. ${outside("worse")} are worse and`
                + ` ${outside("better")} better than the 95 % limits.${ownText}`,
            svg: (width) => BCBV.charts.funnel(shown.map((row) => ({
                code: row.organisation_code, label: label(row.organisation_code, width),
                value: row.value, size: size(row),
                position: row.funnel_position, lower95: row.funnel_lower_95,
                upper95: row.funnel_upper_95, lower998: row.funnel_lower_998,
                upper998: row.funnel_upper_998,
            })), {
                width, unit: indicator.unit, own: about.own, peers: about.peers,
                centre: shown[0].funnel_centre,
                sizeLabel: isNumber(shown[0].expected) ? `expected ${indicator.numerator_label || "number"}`
                    : indicator.denominator_label || "denominator",
            }),
            note: "The scale shows the values; limits of the smallest run out of it. The lines are typical"
                + " limits at each size; each organisation is judged by its own, which the table has.",
            filename: `${indicator.indicator_id} ${about.quarter} funnel`,
            table: funnelTable(shown, about, size),
        });
    }

    function funnelTable(rows, about, size) {
        const { indicator } = about;
        const limit = (key, header) => ({
            key, label: header, type: "number", text: (row) => words.valueText(row[key], indicator.unit),
        });
        return {
            filename: `${indicator.indicator_id} ${about.quarter} funnel`, sort: { key: "value" },
            columns: [
                {
                    key: "organisation_code", label: "Organisation", header: true, code: true,
                    node: organisationCell, sortKey: (row) => BCBV.nameOf(row.organisation_code),
                },
                limit("value", "Value"),
                {
                    key: "size", label: "Size", type: "number",
                    text: (row) => words.countText(size(row)), sortKey: size, csv: size,
                },
                limit("funnel_lower_998", "Lower 99.8 %"), limit("funnel_lower_95", "Lower 95 %"),
                limit("funnel_upper_95", "Upper 95 %"), limit("funnel_upper_998", "Upper 99.8 %"),
                {
                    key: "funnel_position", label: "Position",
                    text: (row) => POSITIONS[row.funnel_position].split(":")[0],
                },
            ],
            rows,
        };
    }

    // A place of a figure that says why there is none.
    const figureless = (title, reason) =>
        el("div", { class: "figure" }, el("h3", null, title), BCBV.empty(reason));

    BCBV.figures = {
        CLASSES, POSITIONS, counted, direction, distribution, everyone, figureless, funnel, inWords,
        isCompared, isHidden, isNumber, label, madeOf, noun, organisationCell, rankedBars, sentence,
        statusCell, statusCode, subject, value,
    };
})();
