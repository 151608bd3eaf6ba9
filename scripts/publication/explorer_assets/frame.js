// A chart in its frame: one figure is one image with a text alternative, its numbers as a table, and
// a copy to save that says by itself what it is and where it is from.
//
//   BCBV.figure({title, subtitle, alt, svg, table, note, filename, wide, of})
//     `svg` is an element, or a function of the width in pixels; `table` is what BCBV.table takes.
//     `of` is what a saved copy, away from its page, must say besides: whose figures, and of what.
//   BCBV.whenShown(element, draw): draw as soon as the element has a width, and when it changes.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el } = BCBV;
    const SVG = "http://www.w3.org/2000/svg";
    const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight",
        "font-family", "opacity", "text-anchor"];

    BCBV.figure = function (options) {
        const id = BCBV.unique("figure");
        const name = options.filename || "chart";
        const image = el("div", { class: "image", role: "img", "aria-label": options.alt });
        let svg = null;

        function draw() {
            const width = Math.max(260, Math.floor(image.clientWidth));
            svg = typeof options.svg === "function" ? options.svg(width) : options.svg;
            // The image has its text: what is inside is not read out a second time.
            svg.setAttribute("aria-hidden", "true");
            image.replaceChildren(svg);
        }

        const details = options.table && el("details", {
            ontoggle: () => {
                if (details.open && details.children.length === 1) {
                    details.append(BCBV.table({
                        caption: options.title, filename: name, ...options.table,
                    }));
                }
            },
        }, el("summary", {}, "Show the figures as a table"));
        const saver = (label, write) => el("button", {
            type: "button", class: "button quiet", onclick: () => write(svg, name, options),
        }, `Save chart (${label})`, el("span", { class: "hidden-text" }, `: ${options.title}`));
        const holder = el("figure", {
            class: options.wide ? "figure wide" : "figure", "aria-labelledby": id,
        },
        el("figcaption", { id },
            el("h3", {}, options.title),
            options.subtitle ? el("p", { class: "subtitle" }, options.subtitle) : null),
        image,
        options.note ? el("p", { class: "note" }, options.note) : null,
        details,
        el("p", { class: "actions" }, saver("SVG", saveSvg), saver("PNG", savePng)));
        BCBV.whenShown(image, draw);
        return holder;
    };

    BCBV.whenShown = function (element, draw) {
        let last = 0;
        new ResizeObserver(() => {
            const width = element.clientWidth;
            if (width && Math.abs(width - last) > 8) {
                last = width;
                draw();
            }
        }).observe(element);
    };

    // ---- saving -------------------------------------------------------------------------------

    function standalone(svg, { title, subtitle, of }) {
        const { facts } = BCBV.index;
        const box = svg.viewBox.baseVal;
        const width = box.width || Number(svg.getAttribute("width"));
        const height = box.height || Number(svg.getAttribute("height"));
        const head = [
            ...wrapped(of ? `${of}: ${title}` : title, width / 9).map((text) => ({ text, size: 16, weight: "bold" })),
            ...wrapped(subtitle || "", width / 6.2).map((text) => ({ text, size: 12 })),
        ];
        const said = `${facts.restricted ? "RESTRICTED. " : ""}${facts.synthetic ? "Synthetic data. " : ""}`
            + `${BCBV.state.quarter}. Not targets, no league table. Release ${facts.release}`;
        const foot = wrapped(said, width / 5.6);
        const top = head.reduce((sum, line) => sum + line.size * 1.35, 14);
        const full = top + height + 15 * foot.length + 10;
        const outer = element("svg", {
            width, height: full, viewBox: `0 0 ${width} ${full}`, "font-family": "Arial, sans-serif",
        });
        outer.append(element("rect", { width, height: full, fill: "#fff" }));
        let y = 6;
        for (const line of head) {
            y += line.size * 1.35;
            outer.append(textAt(line.text, y, line.size, line.weight));
        }
        const inner = svg.cloneNode(true);
        copyStyles(svg, inner);
        inner.removeAttribute("aria-hidden");
        for (const [name, value] of Object.entries({ x: 0, y: top, width, height })) {
            inner.setAttribute(name, value);
        }
        outer.append(inner);
        foot.forEach((text, place) => outer.append(textAt(text, top + height + 15 * (place + 1), 11)));
        return { text: new XMLSerializer().serializeToString(outer), width, height: full };
    }

    function element(tag, attributes) {
        const made = document.createElementNS(SVG, tag);
        for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
        return made;
    }

    function textAt(text, y, size, weight = "normal") {
        const made = element("text", { x: 8, y, "font-size": size, "font-weight": weight, fill: "#0b0c0c" });
        made.textContent = text;
        return made;
    }

    function wrapped(text, letters) {
        const lines = [];
        for (const word of text.split(" ").filter(Boolean)) {
            const longer = `${lines[lines.length - 1]} ${word}`;
            if (lines.length && longer.length <= letters) lines[lines.length - 1] = longer;
            else lines.push(word);
        }
        return lines;
    }

    // What the stylesheet says of a chart goes with it.
    function copyStyles(from, to) {
        const style = getComputedStyle(from);
        for (const name of STYLES) to.style.setProperty(name, style.getPropertyValue(name));
        for (let i = 0; i < from.children.length; i += 1) copyStyles(from.children[i], to.children[i]);
    }

    function saveSvg(svg, name, options) {
        BCBV.save(`${name}.svg`, new Blob([standalone(svg, options).text], { type: "image/svg+xml" }));
    }

    function savePng(svg, name, options) {
        const drawn = standalone(svg, options);
        const picture = new Image();
        picture.onload = () => {
            const canvas = el("canvas", { width: drawn.width * 2, height: drawn.height * 2 });
            canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
            canvas.toBlob((blob) => BCBV.save(`${name}.png`, blob));
        };
        picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn.text)}`;
    }
})();
