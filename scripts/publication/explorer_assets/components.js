/* Parts that all views share: elements, tables, figures, pills, empty states.
 *
 *   BCBV.el("p", {class: "lead"}, "text", node, ...)
 *   BCBV.table({caption, columns, rows, filename, sort, hideCaption})
 *     columns: [{key, label, type, text(row), node(row), title, sortKey(row), csv(row), header}]
 *     type: "text" (default) or "number" (right-aligned, sorted as numbers). `text` gives what is
 *     shown, `node` an element in its place; `csv` what is downloaded (else row[key], the figure
 *     itself). A column with `code: true` holds codes: the CSV has `<key>_text` beside it,
 *     "5E1 Stockton-on-Tees Teaching PCT", as a reader that guesses types takes 5E1 for 50.
 *   BCBV.figure({title, subtitle, alt, svg, table, filename, note})
 *     `svg` an element or function(width) -> element; `table` what BCBV.table takes.
 *   BCBV.status(publication_status, disclosure_status, status_reason)
 *   BCBV.empty(reason)
 *   BCBV.section(title, ...children), BCBV.select({label, options, value, onChange})
 */
"use strict";
(function () {
    var SVG = "http://www.w3.org/2000/svg";
    var numbered = 0;

    function el(tag, attributes) {
        var element = document.createElement(tag);
        Object.keys(attributes || {}).forEach(function (name) {
            var value = attributes[name];
            if (value === null || value === undefined || value === false) return;
            if (name.slice(0, 2) === "on") element.addEventListener(name.slice(2), value);
            else element.setAttribute(name, value === true ? "" : value);
        });
        for (var place = 2; place < arguments.length; place++) append(element, arguments[place]);
        return element;
    }

    function append(element, child) {
        if (child === null || child === undefined || child === false) return;
        if (Array.isArray(child)) child.forEach(function (one) { append(element, one); });
        else element.append(child instanceof Node ? child : String(child));
    }

    function unique(prefix) {
        numbered += 1;
        return prefix + "-" + numbered;
    }

    function save(name, blob) {
        var link = el("a", { href: URL.createObjectURL(blob), download: name });
        link.click();
        setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
    }

    // ---- tables -----------------------------------------------------------------------------------

    function csvCell(value) {
        if (value === null || value === undefined) return "";
        if (typeof value === "number") return String(value);
        if (typeof value === "boolean") return value ? "true" : "false";
        var text = String(value);
        // A text that a spreadsheet would run is a text.
        if (/^[=+\-@\t\r]/.test(text)) text = "'" + text;
        return /[",\n\r]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
    }

    function csv(columns, rows) {
        var fields = [];
        columns.forEach(function (column) {
            if (column.csv === null) return;
            fields.push({ key: column.key, value: column.csv || function (row) { return row[column.key]; } });
            if (column.code) {
                fields.push({
                    key: column.key + "_text",
                    value: function (row) {
                        var name = BCBV.nameOf(row[column.key]);
                        return row[column.key] ? row[column.key] + " " + name : null;
                    }
                });
            }
        });
        var lines = [fields.map(function (field) { return csvCell(field.key); }).join(",")];
        rows.forEach(function (row) {
            lines.push(fields.map(function (field) { return csvCell(field.value(row)); }).join(","));
        });
        return lines.join("\r\n") + "\r\n";
    }

    function compare(first, second) {
        var none = [first, second].map(function (value) {
            return value === null || value === undefined || value === "";
        });
        // What is missing stands last, whichever way the rows are sorted.
        if (none[0] || none[1]) return { missing: true, order: none[0] - none[1] };
        if (typeof first === "number" && typeof second === "number") return { order: first - second };
        return { order: String(first).localeCompare(String(second), "en-GB", { numeric: true }) };
    }

    function table(options) {
        var columns = options.columns;
        var rows = options.rows.slice();
        var sorted = options.sort || null; // {key, descending}
        var filename = (options.filename || "figures") + ".csv";
        var body = el("tbody");
        var heads = {};
        var announce = el("p", { class: "hidden-text", role: "status" });

        function cell(column, row) {
            var shown = column.node ? column.node(row)
                : column.text ? column.text(row) : row[column.key];
            if (shown === null || shown === undefined || shown === "") {
                shown = el("span", { class: "none" }, "–", el("span", { class: "hidden-text" }, " none"));
            }
            if (column.header) return el("th", { scope: "row", "data-label": column.label }, shown);
            return el("td", { class: column.type === "number" ? "number" : null, "data-label": column.label }, shown);
        }

        function fill() {
            if (sorted) {
                var column = columns.find(function (one) { return one.key === sorted.key; });
                var key = column.sortKey || function (row) { return row[column.key]; };
                rows = rows.map(function (row, place) { return { row: row, place: place, key: key(row) }; })
                    .sort(function (first, second) {
                        var result = compare(first.key, second.key);
                        var order = result.missing || !sorted.descending ? result.order : -result.order;
                        return order || first.place - second.place;
                    }).map(function (one) { return one.row; });
            }
            body.replaceChildren.apply(body, rows.map(function (row) {
                return el("tr", { class: options.rowClass ? options.rowClass(row) : null },
                    columns.map(function (column) { return cell(column, row); }));
            }));
            Object.keys(heads).forEach(function (key) {
                if (sorted && sorted.key === key) {
                    heads[key].setAttribute("aria-sort", sorted.descending ? "descending" : "ascending");
                } else heads[key].removeAttribute("aria-sort");
            });
        }

        var head = el("tr", null, columns.map(function (column) {
            var button = el("button", {
                type: "button", class: "sort",
                onclick: function () {
                    var again = sorted && sorted.key === column.key;
                    sorted = { key: column.key, descending: again ? !sorted.descending : Boolean(column.descendingFirst) };
                    fill();
                    announce.textContent = "Sorted by " + column.label
                        + (sorted.descending ? ", descending" : ", ascending");
                }
            }, column.label);
            heads[column.key] = el("th", {
                scope: "col", class: column.type === "number" ? "number" : null, title: column.title
            }, options.sortable === false ? column.label : button);
            return heads[column.key];
        }));
        fill();
        var caption = el("caption", { class: options.hideCaption ? "hidden-text" : null }, options.caption);
        var scroller = el("div", {
            class: "scroller", tabindex: "0", role: "region", "aria-label": "Table: " + options.caption
        }, el("table", { class: options.stacked ? "stacked" : null }, caption, el("thead", null, head), body));
        var count = rows.length;
        var download = el("button", {
            type: "button", class: "button", "data-download": filename,
            onclick: function () {
                save(filename, new Blob(["\ufeff", csv(columns, rows)], { type: "text/csv;charset=utf-8" }));
            }
        }, count === 1 ? "Download this row (CSV)" : "Download these " + count.toLocaleString("en-GB") + " rows (CSV)");
        return el("div", { class: "table" }, scroller, announce, count ? el("p", { class: "actions" }, download) : null);
    }

    // ---- figures ----------------------------------------------------------------------------------

    function figure(options) {
        var id = unique("figure");
        var image = el("div", { class: "image", role: "img", "aria-label": options.alt });
        var holder = el("figure", { class: options.wide ? "figure wide" : "figure", "aria-labelledby": id });
        var svg = null;

        function draw() {
            var width = Math.max(260, Math.floor(image.clientWidth || 560));
            svg = typeof options.svg === "function" ? options.svg(width) : options.svg;
            // One figure is one image: what is inside is not read out a second time.
            svg.setAttribute("aria-hidden", "true");
            image.replaceChildren(svg);
        }

        var name = options.filename || "chart";
        var details = options.table ? el("details", {
            ontoggle: function () {
                if (details.open && details.children.length === 1) {
                    details.append(table(Object.assign({ caption: options.title, filename: name }, options.table)));
                }
            }
        }, el("summary", null, "Show the figures as a table")) : null;
        append(holder, [
            el("figcaption", { id: id },
                el("h3", null, options.title),
                options.subtitle ? el("p", { class: "subtitle" }, options.subtitle) : null),
            image,
            options.note ? el("p", { class: "note" }, options.note) : null,
            details,
            el("p", { class: "actions" },
                el("button", { type: "button", class: "button quiet", onclick: function () { saveSvg(svg, name, options); } },
                    "Save chart (SVG)", el("span", { class: "hidden-text" }, ": " + options.title)),
                el("button", { type: "button", class: "button quiet", onclick: function () { savePng(svg, name, options); } },
                    "Save chart (PNG)", el("span", { class: "hidden-text" }, ": " + options.title)))
        ]);
        BCBV.whenShown(holder, draw);
        return holder;
    }

    /* A saved chart stands alone: its title, what it is of, and where it is from are in the picture. */
    function standalone(svg, options) {
        var box = svg.viewBox && svg.viewBox.baseVal && svg.viewBox.baseVal.width ? svg.viewBox.baseVal : null;
        var width = box ? box.width : Number(svg.getAttribute("width"));
        var height = box ? box.height : Number(svg.getAttribute("height"));
        var lines = wrap(options.title, Math.floor(width / 9)).map(function (text) { return [text, 16, "bold"]; })
            .concat(wrap(options.subtitle || "", Math.floor(width / 6.4)).map(function (text) { return [text, 12, "normal"]; }));
        var top = 12 + lines.reduce(function (sum, line) { return sum + line[1] * 1.35; }, 0);
        var facts = BCBV.index.facts;
        var foot = wrap((facts.synthetic ? "Synthetic data. " : "") + (facts.restricted ? "RESTRICTED. " : "")
            + "Not targets, no league table. Release " + facts.release, Math.floor(width / 5.6));
        var outer = document.createElementNS(SVG, "svg");
        var full = top + height + 14 * foot.length + 10;
        outer.setAttribute("xmlns", SVG);
        outer.setAttribute("width", width);
        outer.setAttribute("height", full);
        outer.setAttribute("viewBox", "0 0 " + width + " " + full);
        outer.setAttribute("font-family", "Arial, sans-serif");
        var white = document.createElementNS(SVG, "rect");
        white.setAttribute("width", width);
        white.setAttribute("height", full);
        white.setAttribute("fill", "#fff");
        outer.append(white);
        var y = 4;
        lines.forEach(function (line) {
            y += line[1] * 1.35;
            outer.append(textAt(line[0], 8, y, line[1], line[2]));
        });
        var inner = svg.cloneNode(true);
        copyStyles(svg, inner);
        inner.removeAttribute("aria-hidden");
        inner.setAttribute("x", 0);
        inner.setAttribute("y", top);
        inner.setAttribute("width", width);
        inner.setAttribute("height", height);
        if (!box) inner.setAttribute("viewBox", "0 0 " + width + " " + height);
        outer.append(inner);
        foot.forEach(function (text, place) {
            outer.append(textAt(text, 8, top + height + 14 * (place + 1), 11, "normal"));
        });
        return { text: new XMLSerializer().serializeToString(outer), width: width, height: full };
    }

    function textAt(text, x, y, size, weight) {
        var element = document.createElementNS(SVG, "text");
        element.setAttribute("x", x);
        element.setAttribute("y", y);
        element.setAttribute("font-size", size);
        element.setAttribute("font-weight", weight);
        element.setAttribute("fill", "#0b0c0c");
        element.textContent = text;
        return element;
    }

    function wrap(text, letters) {
        var lines = [];
        text.split(" ").forEach(function (word) {
            var last = lines[lines.length - 1];
            if (last !== undefined && (last + " " + word).length <= letters) lines[lines.length - 1] = last + " " + word;
            else if (word) lines.push(word);
        });
        return lines;
    }

    /* What the stylesheet says of a chart goes with it. */
    function copyStyles(from, to) {
        var wanted = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "font-family",
            "opacity", "text-anchor"];
        var style = getComputedStyle(from);
        wanted.forEach(function (name) { to.style.setProperty(name, style.getPropertyValue(name)); });
        for (var place = 0; place < from.children.length; place++) copyStyles(from.children[place], to.children[place]);
    }

    function saveSvg(svg, name, options) {
        save(name + ".svg", new Blob([standalone(svg, options).text], { type: "image/svg+xml" }));
    }

    function savePng(svg, name, options) {
        var drawn = standalone(svg, options);
        var picture = new Image();
        picture.onload = function () {
            var canvas = el("canvas", { width: drawn.width * 2, height: drawn.height * 2 });
            canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
            canvas.toBlob(function (blob) { save(name + ".png", blob); });
        };
        picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(drawn.text);
    }

    // ---- small parts ------------------------------------------------------------------------------

    var SIGNS = {
        published: "\u2713", caveat: "!", withheld: "\u00d7", unusable: "\u00d7", not_submitted: "\u2205",
        not_applicable: "\u2013", suppressed: "\u2217"
    };
    var WORDS = {
        published: "published", caveat: "published with a note", withheld: "withheld", unusable: "unusable",
        not_submitted: "not submitted", not_applicable: "not applicable", suppressed: "suppressed"
    };

    function status(publication, disclosure, reason) {
        var kind = disclosure === "suppressed" ? "suppressed" : publication;
        var pill = el("span", { class: "pill " + kind },
            el("span", { class: "sign", "aria-hidden": "true" }, SIGNS[kind] || "?"), " ", WORDS[kind] || kind);
        if (!reason || kind === "suppressed") return pill;
        return el("span", { class: "status" }, pill, " ", el("span", { class: "reason" }, BCBV.reasonWords(reason)));
    }

    /* "V01,A11" or "V01;A11" as the names of the rules. */
    BCBV.reasonWords = function (reason) {
        return String(reason).split(/[,;] ?/).map(function (code) {
            var rule = BCBV.index.ruleById[code];
            return rule ? rule.name + " (" + code + ")" : REASONS[code] || code;
        }).join("; ");
    };
    var REASONS = {
        MIN: "fewer cases than a sound comparison needs",
        FOLLOWUP: "the time to follow up is not complete"
    };

    BCBV.nameOf = function (code) {
        var organisation = BCBV.index.organisationByCode[code];
        var area = BCBV.index.areaByCode[code];
        return organisation ? organisation.organisation_name : area ? area.area_name : "";
    };

    function empty(reason) {
        return el("p", { class: "empty" }, reason);
    }

    function section(title) {
        var id = unique("section");
        var holder = el("section", { "aria-labelledby": id }, el("h2", { id: id }, title));
        for (var place = 1; place < arguments.length; place++) append(holder, arguments[place]);
        return holder;
    }

    function select(options) {
        var id = options.id || unique("choose");
        var box = el("select", { id: id, onchange: function () { options.onChange(box.value); } },
            options.options.map(function (option) {
                return el("option", { value: option.value, selected: option.value === options.value }, option.label);
            }));
        return el("span", { class: "choice" }, el("label", { for: id }, options.label), " ", box);
    }

    /* Charts are as wide as their place, which is known once they stand in the page. */
    BCBV.whenShown = function (element, draw) {
        var last = 0;
        new ResizeObserver(function () {
            var width = element.clientWidth;
            if (width && Math.abs(width - last) > 8) {
                last = width;
                draw();
            }
        }).observe(element);
    };

    Object.assign(BCBV, {
        el: el, table: table, figure: figure, status: status, empty: empty, section: section,
        select: select, csv: csv, save: save
    });
})();
