// What all charts share: colours, type, SVG elements, and labels that keep out of each other's way.
// A chart is BCBV.charts.<name>(data, options) -> SVG element. It reads nothing but its arguments;
// options.width is the room there is, in pixels. The element says nothing to a screen reader: the
// figure that holds it has the text alternative, and a table has the figures.
(function () {
    "use strict";

    const BCBV = (window.BCBV = window.BCBV || {});
    const SVG = "http://www.w3.org/2000/svg";
    const FONT = "Arial, Liberation Sans, Helvetica, sans-serif";
    const SIZE = 13;
    // Each is told from white, and own, peer and others from one another, by at least 3 : 1 or by
    // a label; good and bad differ in shape as well.
    const COLOURS = {
        own: "#12436d",
        peer: "#801650",
        group: "#5b92bd",
        other: "#8a959d",
        good: "#1d8077",
        bad: "#d4511a",
        ink: "#1f2a33",
        faint: "#56636d",
        grid: "#dde3e7",
        band: "#e8eff5",
    };
    const measure = document.createElement("canvas").getContext("2d");

    const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

    function textWidth(text, size = SIZE, weight = "normal") {
        measure.font = `${weight} ${size}px ${FONT}`;
        return measure.measureText(text).width;
    }

    function add(parent, tag, attributes = {}, text) {
        const element = document.createElementNS(SVG, tag);
        // Plot centres all text of a chart unless told.
        if (tag === "text") element.setAttribute("text-anchor", "start");
        for (const [name, value] of Object.entries(attributes)) {
            if (value !== null && value !== undefined) element.setAttribute(name, value);
        }
        if (text !== undefined) element.textContent = text;
        if (parent) parent.append(element);
        return element;
    }

    function canvas(width, height) {
        return add(null, "svg", {
            width, height, viewBox: `0 0 ${width} ${height}`,
            "font-family": FONT, "font-size": SIZE, fill: COLOURS.ink,
        });
    }

    // The axes of every chart that has two: Observable Plot, with the house's type and grid, and
    // without what it says to screen readers piece by piece or writes as a stylesheet.
    function frame({ width, height, margin, x, y, xTicks, yTicks, marks }) {
        const plot = window.Plot;
        const rules = [];
        if (yTicks) {
            rules.push(plot.gridY({ ticks: yTicks.count, stroke: COLOURS.grid, strokeOpacity: 1 }));
            rules.push(plot.axisY({
                ticks: yTicks.count, tickFormat: yTicks.format, tickSize: 0, label: null,
                fontSize: SIZE - 1, fill: COLOURS.faint, tickPadding: 6,
            }));
        }
        if (xTicks) {
            rules.push(plot.axisX({
                ticks: xTicks.count, tickFormat: xTicks.format, tickSize: 4, label: null,
                fontSize: SIZE - 1, fill: COLOURS.faint, stroke: COLOURS.faint,
            }));
        }
        const drawn = plot.plot({
            width, height,
            marginTop: margin.top, marginRight: margin.right,
            marginBottom: margin.bottom, marginLeft: margin.left,
            x: { axis: null, ...x },
            y: { axis: null, ...y },
            marks: [...rules, ...marks],
        });
        drawn.querySelectorAll("style").forEach((element) => element.remove());
        for (const element of [drawn, ...drawn.querySelectorAll("*")]) {
            for (const { name } of [...element.attributes]) {
                if (name.startsWith("aria-") || name === "class" || name === "role") {
                    element.removeAttribute(name);
                }
            }
        }
        drawn.setAttribute("font-family", FONT);
        drawn.setAttribute("font-size", SIZE);
        drawn.setAttribute("fill", COLOURS.ink);
        return drawn;
    }

    // How an axis reads: no digit that its ticks do not need.
    function axisFormat(unit, domain) {
        const span = Math.abs(domain[1] - domain[0]);
        if (unit === "gbp") return (value) => BCBV.words.poundsText(value);
        if (unit === "proportion") {
            const decimals = span < 0.004 ? 2 : span < 0.04 ? 1 : 0;
            return (value) => `${minus((value * 100).toFixed(decimals))} %`;
        }
        const decimals = span < 4 ? 1 : 0;
        return (value) => minus(grouped(value, decimals));
    }

    const grouped = (value, decimals) =>
        value.toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
    const minus = (text) => text.replace("-", "−");

    const figureText = (value, unit) =>
        unit === "gbp" ? BCBV.words.poundsText(value) : BCBV.words.valueText(value, unit);

    // The range that an axis shows: that of the points, but for those so far out that the others
    // would shrink to a line. What lies beyond is drawn at the edge and counted in words.
    function range(values, { include = [], pad = 0.05 } = {}) {
        const sorted = values.filter(isNumber).sort((a, b) => a - b);
        const known = include.filter(isNumber);
        if (!sorted.length) return { low: 0, high: 1, beyond: 0 };
        const middle = window.d3.quantile(sorted, 0.5);
        const reach = 6 * Math.max(
            window.d3.quantile(sorted, 0.75) - window.d3.quantile(sorted, 0.25),
            Math.abs(middle) * 0.02,
        );
        const kept = sorted.filter((value) => Math.abs(value - middle) <= reach);
        let low = Math.min(...kept, ...known);
        let high = Math.max(...kept, ...known);
        if (low === high) [low, high] = [low - 1e-3 - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
        const padding = (high - low) * pad;
        const floor = low >= 0 && sorted[0] >= 0 ? 0 : -Infinity;
        low = Math.max(floor, low - padding);
        high += padding;
        return {
            low, high, beyond: sorted.filter((value) => value < low || value > high).length,
        };
    }

    // Labels above a plot, each with a line down to what it names: on the lowest line of text where
    // it crosses nothing, or where that cannot be, no other text; a line then passes behind.
    function lanes(items, left, right) {
        const placed = [];
        // From the right, as a text runs to the right of its line.
        for (const item of [...items].sort((a, b) => b.x - a.x)) {
            const width = textWidth(item.text, SIZE, item.weight) + 8;
            const fits = item.x + width <= right;
            const start = Math.max(left, fits ? item.x : item.x - width);
            const label = { ...item, start, end: start + width, lane: 0 };
            const overlaps = (other) =>
                other.lane === label.lane && label.start < other.end && other.start < label.end;
            const crosses = (other) =>
                (other.lane < label.lane && other.start <= label.x && label.x <= other.end)
                || (other.lane > label.lane && label.start <= other.x && other.x <= label.end);
            const isFree = (lane, clashes) => {
                label.lane = lane;
                return !placed.some(clashes);
            };
            const choices = window.d3.range(items.length + 1);
            const clear = choices.find((lane) =>
                isFree(lane, (other) => overlaps(other) || crosses(other)));
            label.lane = clear ?? choices.find((lane) => isFree(lane, overlaps));
            placed.push(label);
        }
        return { labels: placed, height: 17 * Math.max(0, ...placed.map((label) => label.lane + 1)) };
    }

    function drawLanes(svg, { labels }, top) {
        const base = (label) => top - 6 - label.lane * 17;
        for (const label of labels) {
            add(svg, "line", {
                x1: label.x, x2: label.x, y1: base(label) + 3, y2: label.to,
                stroke: label.colour, "stroke-width": 1, "stroke-dasharray": label.dash,
            });
        }
        for (const label of labels) {
            add(svg, "text", {
                x: label.start + 4, y: base(label), fill: label.colour, "font-weight": label.weight,
                stroke: "#ffffff", "stroke-width": 4, "paint-order": "stroke",
                "stroke-linejoin": "round",
            }, label.text);
        }
    }

    // Labels at the right edge, two lines each (what, how much), pushed apart where lines lie close.
    const SIDE = 31;
    function sideWidth(items) {
        const widths = items.flatMap(({ text, figure }) => [textWidth(text, 12), textWidth(figure, 12)]);
        return items.length ? Math.max(...widths) + 20 : 12;
    }

    function drawSide(svg, items, x, top, bottom) {
        const sorted = [...items].sort((a, b) => a.y - b.y).map((item) => ({ ...item, at: item.y }));
        sorted.forEach((item, i) => {
            item.at = Math.max(item.at, i ? sorted[i - 1].at + SIDE : top + 8);
        });
        for (let i = sorted.length - 1; i >= 0; i -= 1) {
            const limit = i === sorted.length - 1 ? bottom - 8 : sorted[i + 1].at - SIDE;
            sorted[i].at = Math.min(sorted[i].at, limit);
        }
        for (const item of sorted) {
            add(svg, "path", {
                d: `M${x},${item.y}L${x + 5},${item.y}L${x + 11},${item.at}`,
                fill: "none", stroke: item.colour,
            });
            const text = { x: x + 14, "font-size": 12, fill: item.colour };
            add(svg, "text", { ...text, y: item.at - 2 }, item.text);
            add(svg, "text", { ...text, y: item.at + 12, "font-weight": "bold" }, item.figure);
        }
    }

    // What marks mean, in a row that wraps. `draw` puts a mark of about 12 pixels at a place.
    function keyRows(items, width) {
        const rows = [[]];
        let used = 0;
        for (const item of items) {
            const need = 22 + textWidth(item.text, 12) + 14;
            if (used && used + need > width) {
                rows.push([]);
                used = 0;
            }
            rows[rows.length - 1].push({ ...item, at: used });
            used += need;
        }
        return { rows: items.length ? rows : [], height: items.length ? rows.length * 18 + 4 : 0 };
    }

    function drawKey(svg, { rows }, left, top) {
        rows.forEach((row, i) => {
            for (const item of row) {
                const y = top + i * 18 + 8;
                item.draw(svg, left + item.at + 8, y);
                add(svg, "text", { x: left + item.at + 20, y: y + 4, "font-size": 12, fill: COLOURS.faint },
                    item.text);
            }
        });
    }

    const SHAPES = {
        circle: (r) => `M${-r},0a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
        up: (r) => `M0,${-r * 1.2}L${r * 1.15},${r * 0.85}L${-r * 1.15},${r * 0.85}z`,
        down: (r) => `M0,${r * 1.2}L${r * 1.15},${-r * 0.85}L${-r * 1.15},${-r * 0.85}z`,
        diamond: (r) => `M0,${-r * 1.35}L${r * 1.35},0L0,${r * 1.35}L${-r * 1.35},0z`,
        square: (r) => `M${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}z`,
        cross: (r) => `M${-r},${-r}L${r},${r}M${-r},${r}L${r},${-r}`,
    };

    function mark(svg, shape, x, y, r, { fill = "none", stroke = "none", width = 1.5 } = {}) {
        return add(svg, "path", {
            d: SHAPES[shape](r), transform: `translate(${x},${y})`,
            fill, stroke, "stroke-width": width,
        });
    }

    BCBV.charts = {};
    BCBV.drawing = {
        COLOURS, SIZE, add, axisFormat, canvas, drawKey, drawLanes, drawSide, figureText, frame,
        isNumber, keyRows, lanes, mark, range, sideWidth, textWidth,
    };
})();
