// How the figures are made, and the files that they lie in.
(function () {
    "use strict";

    const { el } = BCBV;

    BCBV.view("method", {
        title: () => "Method and data",
        load: () => ["e"],
        render(root) {
            const { facts } = BCBV.index;
            root.append(reading(), statuses(), disclosure(facts), indicators(), evidence(),
                downloads(facts), releases(facts));
        },
    });

    const terms = (pairs) => el("dl", { class: "terms" }, pairs.map(([term, text]) =>
        [el("dt", {}, term), el("dd", {}, text)]));

    function reading() {
        return BCBV.section("How to read a figure",
            el("p", { class: "lead" }, "An indicator compares an organisation with others of its kind, in one quarter. "
                + "It shows where to look; it does not say what to find, and it is not a target."),
            terms([
                ["Index", "100 is what England’s rates lead one to expect of the same patients; 112 is 12 % more."],
                ["Best quarter", "The value that the best quarter of organisations reach. Specialist trusts are ranked "
                    + "among themselves and set no benchmark."],
                ["Opportunity", "What an organisation does above the best quarter, in bed days, admissions or items, "
                    + "at the unit price, times four for a year. Nobody’s is below nought, and better ones do not "
                    + "make up for others. It is money tied up, not a bill: beds must be closed or used to free it."],
                ["As published", "The plain sum of the indicators in the published total. Days before an operation are "
                    + "days of stay too; “bed days counted once” takes them off."],
                ["Rank", "1 is the best of its kind in England. Ranks close together differ by chance; the funnel and "
                    + "the intervals say which do not."],
                ["Doubtful data", "Figures published with a note, or withheld. Their amounts stay in the sums, as "
                    + "they did at the time, and the sum without them stands beside."],
                ["Trend", "A change counts where it goes beyond the usual movement of the series (an XmR chart), not "
                    + "because two quarters differ."],
            ]));
    }

    function statuses() {
        const status = (publication, disclosure) => BCBV.status(publication, disclosure);
        const rows = [
            [status("published", "shown"), "No check objects."],
            [status("caveat", "shown"), "A check remarks on the data, or there are fewer cases than a sound "
                + "comparison needs. The reason stands beside it."],
            [status("withheld", "shown"), "A check says that the data are not to be believed. No rank, no benchmark."],
            [status("unusable", "shown"), "Rows came, but none could be used."],
            [status("not_submitted", "shown"), "The organisation sent nothing. That is not nought."],
            [status("not_applicable", "shown"), "There was no case to measure."],
            [status("published", "suppressed"), "Fewer than 8 patients stand behind it: hidden to protect them."],
        ];
        return BCBV.section("When a figure is missing",
            el("table", { class: "plain-table" },
                el("caption", { class: "hidden-text" }, "What each status means"),
                el("tbody", {}, rows.map(([pill, text]) => el("tr", {}, el("th", { scope: "row" }, pill), el("td", {}, text))))),
            el("p", {}, "A nought is a nought: something was counted, and there was none."));
    }

    function disclosure(facts) {
        const hidden = BCBV.index.hidden.reduce((sum, row) => sum + row.n_rows, 0);
        if (!facts.suppressed) {
            return BCBV.section("Protecting patients", el("p", {}, el("strong", {}, "This release is restricted. "),
                "Nothing in it is suppressed or rounded. It is for the organisation that runs the warehouse."));
        }
        return BCBV.section("Protecting patients",
            el("p", {}, "The rule is the one used for hospital statistics. It applies to the indicators that count "
                + "patients; money, staff and prescribing are public already."),
            el("ul", {},
                el("li", {}, "A figure with a count of 1 to 7 is hidden, with all that is made of it: value, rank, amount, "
                    + "trend. The name of its status stays."),
                el("li", {}, "Ranks are those among the figures shown, so that no gap tells where a hidden one lies."),
                el("li", {}, "Sums are made of what is shown. They add up, and say how many figures they leave out."),
                el("li", {}, "Counts are rounded to the nearest 5; indices and days to 1 decimal, shares to 3; amounts of "
                    + "organisations to £1,000."),
                el("li", {}, "What was hidden in an earlier release stays hidden unless its data changed.")),
            el("p", {}, BCBV.countWords(hidden, "figure is", "figures are"), " hidden in this release."),
            BCBV.index.hidden.length ? BCBV.table({
                caption: "Hidden figures by quarter",
                filename: "hidden",
                columns: [
                    { key: "quarter", label: "Quarter", header: true },
                    { key: "n_rows", label: "Hidden", type: "number" },
                ],
                rows: BCBV.index.hidden,
            }) : null);
    }

    function indicators() {
        return BCBV.section("The indicators",
            BCBV.table({
                caption: "What each indicator measures",
                filename: "indicators",
                columns: [
                    { key: "indicator_id", label: "Code", code: false },
                    { key: "name", label: "Indicator", header: true,
                        node: (row) => el("a", { href: BCBV.link("indicator", { id: row.indicator_id }) }, row.name) },
                    { key: "numerator_label", label: "Counted" },
                    { key: "denominator_label", label: "Out of" },
                    { key: "unit", label: "Unit" },
                    { key: "direction", label: "Direction", text: (row) => BCBV.name("direction", row.direction) },
                    { key: "in_published_total", label: "In the published total", text: (row) =>
                        (!row.in_published_total ? "no"
                            : row.published_from_quarter ? `from ${row.published_from_quarter}` : "yes") },
                    { key: "evidence", label: "Evidence" },
                ],
                rows: BCBV.index.indicators,
            }));
    }

    function evidence() {
        return BCBV.section("What is known, and what is proposed",
            el("p", {}, "The original technical definitions could not be found. This is a reconstruction, and each part "
                + "says what it rests on:"),
            terms([
                ["DOC", "read in a source; S3, S7 and so on are numbered in the rulebook"],
                ["INF", "inferred from documented facts"],
                ["PROP", "proposed here, because no source was found"],
                ["MEM", "general knowledge, not confirmed in a source"],
            ]));
    }

    // ---- files --------------------------------------------------------------------------------

    function downloads(facts) {
        const link = (path, text) => el("a", { href: path }, text);
        return BCBV.section("Download the data",
            el("p", {}, "The files lie beside this page in the release. Every number here is in them, to the same digit."),
            el("ul", {},
                el("li", {}, link("../xlsx/bcbv.xlsx", "Workbook (XLSX)"), ": the latest four quarters; ",
                    link("../xlsx/", "one workbook for each authority")),
                el("li", {}, link("../bcbv.duckdb", "DuckDB database"), ": all tables, with a description of each column"),
                el("li", {}, link("../scorecards/", "Scorecards"), ": one page for each organisation (PDF and HTML)"),
                el("li", {}, link("../api/v1/index.json", "JSON"), " for dashboards of your own"),
                el("li", {}, link("../datapackage.json", "Data package"), ": types, descriptions and keys of the CSV files; ",
                    link("../metrics.json", "metrics"), ": name, formula and unit of each measure"),
                el("li", {}, link("../release.json", "release.json"), ": what the release was made of, with checksums; ",
                    link("../README.txt", "README"))),
            BCBV.table({
                caption: "Tables",
                filename: "tables",
                columns: [
                    { key: "table", label: "Table", header: true },
                    { key: "n_rows", label: "Rows", type: "number", text: (row) => row.n_rows.toLocaleString("en-GB") },
                    { key: "csv", label: "CSV", csv: (row) => `csv/${row.table}.csv`,
                        node: (row) => link(`../csv/${row.table}.csv`, el("span", {}, "CSV",
                            el("span", { class: "hidden-text" }, ` of ${row.table}`))) },
                    { key: "parquet", label: "Parquet", csv: (row) => `parquet/${row.table}.parquet`,
                        node: (row) => link(`../parquet/${row.table}.parquet`, el("span", {}, "Parquet",
                            el("span", { class: "hidden-text" }, ` of ${row.table}`))) },
                ],
                rows: BCBV.index.tables,
            }),
            el("p", { class: "quiet-text" }, "Codes of organisations are text: a spreadsheet that opens a CSV by itself "
                + "turns 5E1 into 50. Use the workbook, or import the column as text."
                + (facts.synthetic ? " The figures are synthetic." : "")));
    }

    function releases(facts) {
        const earlier = [...new Set(BCBV.rows("e", "vintages").map((row) => row.release))]
            .filter((release) => release !== "current" && release !== facts.release);
        return BCBV.section("This release, and those before",
            terms([
                ["Release", el("code", {}, facts.release)],
                ["Published", BCBV.dateWords(facts.published_at)],
                ["Warehouse built", BCBV.dateWords(facts.built_at)],
                ["Data as at", facts.as_at ? BCBV.dateWords(facts.as_at) : "the day of the build"],
                ["Code", facts.code_version || "not known"],
                ["Kind", facts.restricted ? "internal, restricted" : "public"],
                ["Figures", facts.synthetic ? "synthetic" : "real"],
            ]),
            earlier.length ? el("p", {}, `Earlier releases: ${earlier.join(", ")}. `,
                el("a", { href: BCBV.link("england") }, "How the sums moved between them"))
                : BCBV.empty("There is no earlier release."),
            el("p", {}, "A release is never changed. A corrected figure comes in a new one."));
    }
})();
