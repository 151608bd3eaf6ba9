// Parts that all views share. The frame of a chart is in frame.js.
//
//   BCBV.el("p", {class: "lead", onclick: f}, "text", node, [more])
//   BCBV.table({caption, columns, rows, filename, sort: {key, descending}, rowClass(row), limit,
//               class, stacked, hideCaption})
//     columns: {key, label, type: "text" | "number", header, title, descendingFirst,
//               text(row), node(row), sortKey(row), csv(row), csvKey, code, isHidden}
//     `text` gives what is shown and `node` an element in its place; null is a dash. The CSV has
//     row[key], the figure itself, or what `csv` gives, under `csvKey` or `key`. A column of codes
//     (`code: true`) has its names beside it in the CSV, "5E1 Stockton-on-Tees Teaching PCT", as a
//     reader that guesses types takes 5E1 for 50. `isHidden` is in the CSV alone. `limit` shows the
//     first rows until asked for all; the button tells how many rows it saves. `stacked` makes a
//     row a block where the page is narrow.
//   BCBV.status(publication_status, disclosure_status, status_reason, {isShort})
//   BCBV.verdict(verdict)
//   BCBV.empty(reason), BCBV.section(title, ...children)
//   BCBV.select({id, label, value, options: [{value, label}], onChange(value)})
(function () {
    "use strict";

    const BCBV = window.BCBV;
    let numbered = 0;

    function el(tag, attributes, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes || {})) {
            if (value === null || value === undefined || value === false) continue;
            if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
            else element.setAttribute(name, value === true ? "" : value);
        }
        append(element, children);
        return element;
    }

    function append(element, children) {
        for (const child of children) {
            if (Array.isArray(child)) append(element, child);
            else if (child !== null && child !== undefined && child !== false) element.append(child);
        }
    }

    function unique(prefix) {
        numbered += 1;
        return `${prefix}-${numbered}`;
    }

    function save(name, blob) {
        const link = el("a", { href: URL.createObjectURL(blob), download: name });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }

    // ---- CSV ----------------------------------------------------------------------------------

    function csvCell(value) {
        if (value === null || value === undefined) return "";
        if (typeof value === "number" || typeof value === "boolean") return String(value);
        // A text that a spreadsheet would run as a formula is marked as a text.
        const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
        return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    }

    function csv(columns, rows) {
        const fields = columns.flatMap((column) => {
            const value = column.csv || ((row) => row[column.key]);
            const field = { key: column.csvKey || column.key, value };
            return column.code ? [field, {
                key: `${field.key}_text`,
                value: (row) => (value(row) ? `${value(row)} ${BCBV.nameOf(value(row))}` : null),
            }] : [field];
        });
        const lines = [fields.map((field) => csvCell(field.key))];
        for (const row of rows) lines.push(fields.map((field) => csvCell(field.value(row))));
        return lines.map((line) => `${line.join(",")}\r\n`).join("");
    }

    // ---- tables -------------------------------------------------------------------------------

    const isNone = (value) => value === null || value === undefined || value === "";

    // What is missing stands last, whichever way the rows are sorted.
    function sortedRows(rows, column, descending) {
        const key = column.sortKey || ((row) => row[column.key]);
        const order = (first, second) => (typeof first === "number" && typeof second === "number"
            ? first - second : String(first).localeCompare(String(second), "en-GB", { numeric: true }));
        return rows.map((row) => ({ row, key: key(row) })).sort((first, second) => {
            if (isNone(first.key) || isNone(second.key)) return isNone(first.key) - isNone(second.key);
            return descending ? -order(first.key, second.key) : order(first.key, second.key);
        }).map((one) => one.row);
    }

    function tableCell(column, row) {
        let shown = column.node ? column.node(row) : column.text ? column.text(row) : row[column.key];
        if (isNone(shown)) {
            shown = el("span", { class: "none" }, "–", el("span", { class: "hidden-text" }, " none"));
        }
        if (column.header) return el("th", { scope: "row" }, shown);
        return el("td", {
            class: column.type === "number" ? "number" : null, "data-label": column.label,
        }, shown);
    }

    function table(options) {
        const columns = options.columns.filter((column) => !column.isHidden);
        const filename = `${options.filename || "figures"}.csv`;
        const body = el("tbody");
        const heads = new Map();
        const announcement = el("p", { class: "hidden-text", role: "status" });
        let sorted = options.sort || null;
        let { rows } = options;
        let limit = options.limit || Infinity;

        const download = el("button", {
            type: "button", class: "button", "data-download": filename,
            onclick: () => save(filename, new Blob(
                ["\ufeff", csv(options.columns, rows.slice(0, limit))],
                { type: "text/csv;charset=utf-8" },
            )),
        });
        const all = el("button", {
            type: "button", class: "button quiet",
            onclick: () => {
                limit = Infinity;
                fill();
                download.focus();
            },
        }, `Show all ${BCBV.countWords(rows.length, "row", "rows")}`);

        function fill() {
            if (sorted) {
                const column = columns.find((one) => one.key === sorted.key);
                rows = sortedRows(options.rows, column, sorted.descending);
            }
            const shown = rows.slice(0, limit);
            body.replaceChildren(...shown.map((row) => el("tr",
                { class: options.rowClass ? options.rowClass(row) : null },
                columns.map((column) => tableCell(column, row)))));
            for (const [key, head] of heads) {
                if (sorted && sorted.key === key) {
                    head.setAttribute("aria-sort", sorted.descending ? "descending" : "ascending");
                } else head.removeAttribute("aria-sort");
            }
            download.textContent = shown.length === 1 ? "Download this row (CSV)"
                : `Download these ${shown.length.toLocaleString("en-GB")} rows (CSV)`;
            all.hidden = shown.length === rows.length;
        }

        function sortBy(column) {
            const isAgain = sorted && sorted.key === column.key;
            sorted = {
                key: column.key,
                descending: isAgain ? !sorted.descending : Boolean(column.descendingFirst),
            };
            fill();
            announcement.textContent = `Sorted by ${column.label}, `
                + (sorted.descending ? "descending" : "ascending");
        }

        for (const column of columns) {
            heads.set(column.key, el("th", {
                scope: "col", class: column.type === "number" ? "number" : null,
            }, el("button", {
                type: "button", class: "sort", title: column.title, onclick: () => sortBy(column),
            }, column.label)));
        }
        fill();
        // Few columns stand close together, or the eye loses the row between them.
        const width = columns.length <= 4 ? "short" : null;
        return el("div", { class: "table" },
            el("div", {
                class: "scroller", tabindex: "0", role: "region", "aria-label": `Table: ${options.caption}`,
            }, el("table", { class: options.stacked ? "stacked" : options.class || width },
                el("caption", { class: options.hideCaption ? "hidden-text" : null }, options.caption),
                el("thead", {}, el("tr", {}, [...heads.values()])),
                body)),
            announcement,
            rows.length ? el("p", { class: "actions" }, download, all) : null);
    }

    // ---- small parts --------------------------------------------------------------------------

    const SIGNS = {
        published: "✓", caveat: "!", withheld: "×", unusable: "×", not_submitted: "∅",
        not_applicable: "–", suppressed: "∗", green: "✓", amber: "!", red: "×",
    };
    const STATUSES = {
        published: "published",
        caveat: "published with a note",
        withheld: "withheld",
        unusable: "unusable",
        not_submitted: "not submitted",
        not_applicable: "not applicable",
        suppressed: "suppressed",
    };
    const REASONS = {
        MIN: "fewer cases than a sound comparison needs",
        FOLLOWUP: "the time to follow up is not over",
    };

    // A word with a sign, so that no colour alone tells it; short is the sign, with the word for
    // those who listen and on hovering.
    function pill(kind, word, isShort) {
        const sign = el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind] || "?");
        return el("span", { class: `pill ${kind}`, title: isShort ? word : null }, sign,
            isShort ? el("span", { class: "hidden-text" }, word) : ` ${word}`);
    }

    function status(publication, disclosure, reason, { isShort = false } = {}) {
        const kind = disclosure === "suppressed" ? "suppressed" : publication;
        const shown = pill(kind, STATUSES[kind] || kind, isShort);
        if (!reason || isShort || kind === "suppressed") return shown;
        return el("span", { class: "status" }, shown, " ",
            el("span", { class: "reason" }, BCBV.reasonWords(reason)));
    }

    const verdict = (code) => pill(code, BCBV.name("verdict", code), false);

    // "V01,A11" as the names of the rules.
    BCBV.reasonWords = (reason) => reason.split(/[,;] ?/).map((code) => {
        const rule = BCBV.index.ruleById[code];
        return REASONS[code] || (rule ? `${rule.name} (${code})` : code);
    }).join("; ");

    BCBV.nameOf = (code) => {
        const organisation = BCBV.index.organisationByCode[code];
        const area = BCBV.index.areaByCode[code];
        return organisation ? organisation.organisation_name : area ? area.area_name : "";
    };

    const empty = (reason) => el("p", { class: "empty" }, reason);

    function section(title, ...children) {
        const id = unique("section");
        return el("section", { "aria-labelledby": id }, el("h2", { id }, title), children);
    }

    function select(options) {
        const id = options.id || unique("choose");
        const box = el("select", { id, onchange: () => options.onChange(box.value) },
            options.options.map((option) => el("option", {
                value: option.value, selected: option.value === options.value,
            }, option.label)));
        return el("span", { class: "choice" }, el("label", { for: id }, options.label), " ", box);
    }

    Object.assign(BCBV, { el, table, status, verdict, empty, section, select, csv, save, unique });
})();
