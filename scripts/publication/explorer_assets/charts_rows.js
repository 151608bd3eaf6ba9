// Charts in rows, each with its label and its figure in columns of their own, so that none collides:
// what makes up a change, money by item, a place among peers; and the small ones inside tables.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const D = BCBV.drawing;
    const { COLOURS, isNumber } = D;

    // A label cut to the room that it has, at a blank.
    function fitted(text, room, size, weight) {
        if (D.textWidth(text, size, weight) <= room) return text;
        const words = text.split(" ");
        while (words.length > 1) {
            words.pop();
            const short = `${words.join(" ")} …`;
            if (D.textWidth(short, size, weight) <= room) return short;
        }
        return `${text.slice(0, Math.max(1, Math.floor(room / 8)))}…`;
    }

    // Rows of bars from nought or from where the one before ended. Where the page is narrow the
    // label lies above its bar.
    function rows(items, { width, extent }) {
        const isNarrow = width < 440;
        const figureWidth = Math.max(0, ...items.map((item) => D.textWidth(item.figure, D.SIZE, "bold")));
        const widest = Math.max(0, ...items.map((item) => D.textWidth(item.label, D.SIZE, item.weight)));
        const labels = isNarrow ? 0 : Math.min(widest + 14, width * 0.42);
        const rowHeight = isNarrow ? 42 : 28;
        const height = items.length * rowHeight + 8;
        const svg = D.canvas(width, height);
        const x = window.d3.scaleLinear(extent, [labels, width - figureWidth - 14]);
        D.add(svg, "line", { x1: x(0), x2: x(0), y1: 2, y2: height - 4, stroke: COLOURS.faint });
        items.forEach((item, i) => {
            const top = i * rowHeight + 4;
            const bar = top + (isNarrow ? 19 : 4);
            D.add(svg, "text", {
                x: isNarrow ? 4 : labels - 10, y: isNarrow ? top + 13 : top + 17,
                "text-anchor": isNarrow ? "start" : "end", "font-weight": item.weight,
            }, fitted(item.label, isNarrow ? width - 8 : labels - 12, D.SIZE, item.weight));
            const [from, to] = [x(Math.min(item.from, item.to)), x(Math.max(item.from, item.to))];
            D.add(svg, "rect", {
                x: from, y: bar, width: Math.max(to - from, item.from === item.to ? 0 : 1.5), height: 17,
                fill: item.colour,
            });
            if (isNumber(item.link) && i + 1 < items.length) {
                D.add(svg, "line", {
                    x1: x(item.link), x2: x(item.link), y1: bar + 17,
                    y2: bar + rowHeight, stroke: COLOURS.faint, "stroke-dasharray": "2 2",
                });
            }
            D.add(svg, "text", {
                x: width - 2, y: bar + 13, "text-anchor": "end", "font-weight": item.weight,
                fill: item.ink || COLOURS.ink,
            }, item.figure);
        });
        return svg;
    }

    const extentOf = (numbers) => {
        const [low, high] = window.d3.extent([0, ...numbers]);
        return low === high ? [0, 1] : [low, high];
    };

    // How one sum became another. data: {label, value, kind: "total" | "part" | "share"}, in order;
    // a part that raises the sum and one that lowers it differ in sign as well as colour. A share
    // is what a total is made of: neither for the better nor for the worse.
    BCBV.charts.waterfall = function (data, { width, unit = "gbp" }) {
        let level = 0;
        const items = data.map(({ label, value, kind }) => {
            const isTotal = kind === "total";
            const from = isTotal ? 0 : level;
            level = isTotal ? value : level + value;
            const text = D.figureText(value, unit);
            return {
                label, from, to: level, link: level, weight: isTotal ? "bold" : "normal",
                figure: isTotal || kind === "share" || value <= 0 ? text : `+${text}`,
                colour: kind === "share" ? COLOURS.group : isTotal ? COLOURS.own : value > 0 ? COLOURS.bad : COLOURS.good,
            };
        });
        return rows(items, { width, extent: extentOf(items.flatMap((item) => [item.from, item.to])) });
    };

    // One bar an item. data: {label, value, figure?, strong?}
    BCBV.charts.money = function (data, { width, unit = "gbp" }) {
        const items = data.filter((item) => isNumber(item.value)).map((item) => ({
            label: item.label, from: 0, to: item.value,
            figure: item.figure || D.figureText(item.value, unit),
            weight: item.strong ? "bold" : "normal",
            colour: item.strong ? COLOURS.own : COLOURS.group,
        }));
        return rows(items, { width, extent: extentOf(items.map((item) => item.to)) });
    };

    // A place among peers on one line: a tick an organisation, the middle half shaded.
    // data: {code, value}; options: own, unit, direction, benchmark; compact leaves out the words.
    BCBV.charts.dots = function (data, options) {
        const { width, unit, own, benchmark, isCompact = false } = options;
        const items = data.filter((item) => isNumber(item.value));
        const height = isCompact ? 22 : 64;
        const svg = D.canvas(width, height);
        if (!items.length) return svg;
        const { low, high } = D.range(items.map((item) => item.value), { include: [benchmark] });
        // The better end is always at the left.
        const ends = options.direction === "lower" ? [low, high] : [high, low];
        const x = window.d3.scaleLinear(ends, [6, width - 6]).clamp(true);
        const middle = isCompact ? 11 : 26;
        const sorted = items.map((item) => item.value).sort((a, b) => a - b);
        const quarters = [0.25, 0.75].map((share) => x(window.d3.quantile(sorted, share)));
        D.add(svg, "rect", {
            x: Math.min(...quarters), width: Math.abs(quarters[1] - quarters[0]), y: middle - 9,
            height: 18, fill: COLOURS.band,
        });
        for (const item of items) {
            D.add(svg, "line", {
                x1: x(item.value), x2: x(item.value), y1: middle - 6, y2: middle + 6,
                stroke: COLOURS.other, "stroke-opacity": 0.6,
            });
        }
        if (isNumber(benchmark)) {
            D.add(svg, "line", {
                x1: x(benchmark), x2: x(benchmark), y1: middle - 10, y2: middle + 10,
                stroke: COLOURS.good, "stroke-width": 2, "stroke-dasharray": "3 2",
            });
        }
        const self = items.find((item) => item.code === own);
        if (self) D.mark(svg, "circle", x(self.value), middle, 5.5, { fill: COLOURS.own, stroke: "#ffffff" });
        if (isCompact) return svg;
        const end = { y: height - 6, "font-size": 12, fill: COLOURS.faint };
        const better = options.direction === "context" ? "" : "← better";
        D.add(svg, "text", { ...end, x: 2 }, `${D.figureText(ends[0], unit)} ${better}`);
        D.add(svg, "text", { ...end, x: width - 2, "text-anchor": "end" }, D.figureText(ends[1], unit));
        if (self) {
            D.add(svg, "text", {
                x: Math.min(width - 30, Math.max(30, x(self.value))), y: 12, "text-anchor": "middle",
                "font-weight": "bold", fill: COLOURS.own,
            }, D.figureText(self.value, unit));
        }
        return svg;
    };

    // The last quarters as a small line; a gap where there is no figure. data: values in order.
    BCBV.charts.spark = function (data, { width = 96, height = 26 } = {}) {
        const svg = D.canvas(width, height);
        const known = data.filter(isNumber);
        if (!known.length) return svg;
        const [low, high] = window.d3.extent(known);
        const x = window.d3.scaleLinear([0, Math.max(1, data.length - 1)], [5, width - 5]);
        const y = window.d3.scaleLinear(low === high ? [low - 1, high + 1] : [low, high],
            [height - 5, 5]);
        D.add(svg, "path", {
            d: window.d3.line().defined(isNumber).x((value, i) => x(i)).y((value) => y(value))(data),
            fill: "none", stroke: COLOURS.own, "stroke-width": 1.5,
        });
        data.forEach((value, i) => {
            const isAlone = isNumber(value) && !isNumber(data[i - 1]) && !isNumber(data[i + 1]);
            if (isAlone || (isNumber(value) && i === data.length - 1)) {
                D.mark(svg, "circle", x(i), y(value), 3, { fill: COLOURS.own });
            }
        });
        return svg;
    };

    // Where a series moves, beside words that say the same. kind: improvement, concern, neutral,
    // common_cause, or anything else for "too few to say"; rises: whether the value went up.
    BCBV.charts.trend = function (kind, { rises = null, size = 18 } = {}) {
        const svg = D.canvas(size, size);
        const colour = { improvement: COLOURS.good, concern: COLOURS.bad, neutral: COLOURS.peer }[kind];
        const half = size / 2;
        if (colour) {
            D.add(svg, "circle", { cx: half, cy: half, r: half - 1, fill: colour });
            const turn = rises === null ? 0 : rises ? -45 : 45;
            D.add(svg, "path", {
                d: "M-5,0H4M0,-4L4.5,0L0,4", fill: "none", stroke: "#ffffff", "stroke-width": 2,
                transform: `translate(${half},${half}) rotate(${turn})`,
            });
        } else if (kind === "common_cause") {
            D.add(svg, "circle", {
                cx: half, cy: half, r: half - 1.5, fill: "none", stroke: COLOURS.faint,
                "stroke-width": 1.5,
            });
            D.add(svg, "path", {
                d: `M${half - 5},${half}q2.5,-5 5,0t5,0`, fill: "none", stroke: COLOURS.faint,
                "stroke-width": 1.5,
            });
        } else {
            D.add(svg, "circle", {
                cx: half, cy: half, r: half - 1.5, fill: "none", stroke: COLOURS.faint,
                "stroke-dasharray": "2 2",
            });
        }
        return svg;
    };
})();
