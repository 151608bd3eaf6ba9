// Lines through time: one organisation with the limits of its own variation, or several compared.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const D = BCBV.drawing;
    const { COLOURS, isNumber } = D;
    // Several lines are told apart by their labels at the right and by dashes, not by colour alone.
    const LINES = [
        { colour: "#12436d", dash: null }, { colour: "#801650", dash: "7 3" },
        { colour: "#1d8077", dash: "2 3" }, { colour: "#d4511a", dash: "9 3 2 3" },
        { colour: "#56636d", dash: "4 2" }, { colour: "#6a4fa3", dash: "12 4" },
    ];
    // What a point out of the ordinary means, by shape as well as colour.
    const SIGNALS = {
        concern: { shape: "up", colour: COLOURS.bad, text: "more than usual variation: for the worse" },
        improvement: {
            shape: "diamond", colour: COLOURS.good, text: "more than usual variation: for the better",
        },
        neutral: { shape: "square", colour: COLOURS.peer, text: "more than usual variation" },
    };

    // Years below the axis, quarters above them where there is room.
    function drawQuarters(svg, quarters, x, base, step) {
        const shown = step > 26;
        let last = -Infinity;
        quarters.forEach((quarter, i) => {
            const [year, number] = quarter.split(" ");
            const at = x(i);
            if (shown) {
                D.add(svg, "text", {
                    x: at, y: base + 16, "text-anchor": "middle", "font-size": 12, fill: COLOURS.faint,
                }, number);
            }
            const begins = number === "Q1" || i === 0;
            if (begins) {
                D.add(svg, "line", {
                    x1: at, x2: at, y1: base, y2: base + 4, stroke: COLOURS.faint,
                });
                const half = D.textWidth(year, 12) / 2;
                if (at - half > last + 6) {
                    D.add(svg, "text", {
                        x: at - Math.min(half, shown ? 10 : half), y: base + (shown ? 32 : 18),
                        "font-size": 12, fill: COLOURS.faint,
                    }, year);
                    last = at + half + (shown ? half : 0);
                }
            }
        });
    }

    // A line broken where a quarter has no figure.
    function path(points, x, y) {
        return window.d3.line().defined((point) => isNumber(point.value))
            .x((point) => x(point.i)).y((point) => y(point.value))(points);
    }

    // Runs of quarters with the same limits: each is a stretch reckoned from its own points.
    function stretches(points) {
        const runs = [];
        for (const point of points) {
            const run = runs[runs.length - 1];
            if (!isNumber(point.mean)) runs.push(null);
            else if (run && run.segment === point.segment) run.to = point.i;
            else {
                runs.push({
                    segment: point.segment, from: point.i, to: point.i,
                    mean: point.mean, lower: point.lower, upper: point.upper,
                });
            }
        }
        return runs.filter(Boolean);
    }

    // data: {quarter, value, benchmark, mean, lower, upper, segment, variation} a quarter, in order;
    // options: unit, label, benchmarkLabel, current (a quarter), or instead of data
    // series: [{label, points: [{quarter, value}]}]. options.quarters: those of the axis.
    BCBV.charts.line = function (data, options) {
        const { width, unit, height = 290 } = options;
        const series = options.series || [{ label: options.label || "", points: data }];
        const quarters = options.quarters || series[0].points.map((point) => point.quarter);
        const order = new Map(quarters.map((quarter, i) => [quarter, i]));
        const lines = series.map((one, i) => ({
            ...one, ...LINES[i % LINES.length],
            points: quarters.map((quarter) => ({
                ...one.points.find((point) => point.quarter === quarter), quarter,
                i: order.get(quarter),
            })),
        }));
        const all = lines.flatMap((line) => line.points);
        const values = all.flatMap((point) => [point.value, point.benchmark]).filter(isNumber);
        const limits = all.flatMap((point) => [point.lower, point.upper]).filter(isNumber);
        const fromNought = unit === "gbp" || options.fromNought;
        const span = window.d3.extent([...values, ...limits, ...(fromNought ? [0] : [])]);
        const isFlat = !(span[1] > span[0]);
        const flat = isFlat ? Math.abs(span[1] || 1) * 0.1 : 0;
        const pad = ((span[1] - span[0]) || 0) * 0.08 + flat;
        const low = fromNought && span[0] >= 0 ? 0
            : span[0] - pad < 0 && span[0] >= 0 ? 0 : span[0] - pad;
        const domain = [low, span[1] + pad];
        const format = D.axisFormat(unit, domain);
        const ticks = window.d3.ticks(domain[0], domain[1], 5);
        const left = Math.ceil(Math.max(...ticks.map((tick) => D.textWidth(format(tick), 12)))) + 12;
        const sides = (y) => sideLabels(lines, options, y);
        const right = D.sideWidth(sides(() => 0));
        const present = Object.keys(SIGNALS)
            .filter((name) => lines[0].points.some((point) => point.variation === name));
        const hasGap = lines.length === 1 && lines[0].points.some((point) => !isNumber(point.value));
        const key = D.keyRows([
            ...present.map((name) => ({ text: SIGNALS[name].text, draw: drawSignal(SIGNALS[name]) })),
            ...(hasGap ? [{ text: "no figure", draw: drawGap }] : []),
        ], width - left);
        const margin = { top: key.height + 12, right, bottom: 40, left };
        const inner = width - left - right;
        const step = inner / quarters.length;
        const svg = D.frame({
            width, height, margin,
            x: { type: "linear", domain: [0, quarters.length] },
            y: { type: "linear", domain },
            yTicks: { count: 5, format },
            marks: [],
        });
        const x = (i) => left + step * (i + 0.5);
        const y = window.d3.scaleLinear(domain, [height - margin.bottom, margin.top]);
        const base = height - margin.bottom;
        for (const run of lines.length === 1 ? stretches(lines[0].points) : []) {
            drawStretch(svg, run, x, y, step);
        }
        D.add(svg, "line", { x1: left, x2: width - right, y1: base, y2: base, stroke: COLOURS.ink });
        if (lines.length === 1) {
            const benchmark = lines[0].points.map((point) => ({ ...point, value: point.benchmark }));
            D.add(svg, "path", {
                d: path(benchmark, x, y), fill: "none", stroke: COLOURS.good, "stroke-width": 1.5,
                "stroke-dasharray": "5 3",
            });
        }
        for (const line of lines) {
            D.add(svg, "path", {
                d: path(line.points, x, y), fill: "none", stroke: line.colour, "stroke-width": 2,
                "stroke-dasharray": line.dash,
            });
            for (const point of line.points) drawPoint(svg, point, line, x, y, base, options, step);
        }
        drawQuarters(svg, quarters, x, base, step);
        D.drawKey(svg, key, left, 2);
        D.drawSide(svg, sides(y), width - right, margin.top, base);
        return svg;
    };

    const drawSignal = (signal) => (svg, x, y) =>
        D.mark(svg, signal.shape, x, y, 5, { fill: signal.colour, stroke: "#ffffff" });
    const drawGap = (svg, x, y) => D.mark(svg, "cross", x, y, 3.5, { stroke: COLOURS.faint });

    function drawPoint(svg, point, line, x, y, base, options, step) {
        const at = x(point.i);
        if (!isNumber(point.value)) {
            if (!options.series) drawGap(svg, at, base - 8);
            return;
        }
        const signal = SIGNALS[point.variation];
        if (signal) {
            drawSignal(signal)(svg, at, y(point.value));
            return;
        }
        const isCurrent = point.quarter === options.current;
        const radius = isCurrent ? 5.5 : step > 14 ? 3.5 : 2;
        D.mark(svg, "circle", at, y(point.value), radius, { fill: line.colour, stroke: "#ffffff" });
    }

    function drawStretch(svg, run, x, y, step) {
        const [from, to] = [x(run.from) - step / 2, x(run.to) + step / 2];
        if (isNumber(run.lower) && isNumber(run.upper)) {
            D.add(svg, "rect", {
                x: from, width: to - from, y: y(run.upper), height: y(run.lower) - y(run.upper),
                fill: COLOURS.band,
            });
            for (const limit of [run.lower, run.upper]) {
                D.add(svg, "line", {
                    x1: from, x2: to, y1: y(limit), y2: y(limit), stroke: COLOURS.faint,
                    "stroke-dasharray": "2 3",
                });
            }
        }
        D.add(svg, "line", {
            x1: from, x2: to, y1: y(run.mean), y2: y(run.mean), stroke: COLOURS.faint,
        });
    }

    // What the lines are, where they end.
    function sideLabels(lines, options, y) {
        const lastOf = (points, key) => points.filter((point) => isNumber(point[key])).at(-1);
        const items = [];
        const say = (text, value, colour) =>
            items.push({ text, figure: D.figureText(value, options.unit), y: y(value), colour });
        for (const line of lines) {
            const last = lastOf(line.points, "value");
            if (line.label && last) say(line.label, last.value, line.colour);
        }
        if (lines.length > 1) return items;
        const end = lines[0].points.at(-1);
        const benchmark = lastOf(lines[0].points, "benchmark");
        if (benchmark) say(options.benchmarkLabel || "Best quarter", benchmark.benchmark, COLOURS.good);
        if (end && isNumber(end.mean) && isNumber(end.upper)) {
            say("Upper limit", end.upper, COLOURS.faint);
            say("Lower limit", end.lower, COLOURS.faint);
        }
        return items;
    }
})();
