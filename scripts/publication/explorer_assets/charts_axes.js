// Charts with two axes: all organisations in order, funnel, distribution, and lines through time.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const D = BCBV.drawing;
    const { COLOURS, isNumber } = D;

    const roleOf = (item, options) => {
        if (item.code === options.own) return "own";
        if ((options.peers || []).includes(item.code)) return "peer";
        return options.group && options.group.includes(item.code) ? "group" : "other";
    };
    const isNamed = (item) => item.role === "own" || item.role === "peer";
    const prepared = (data, options) =>
        data.filter((item) => isNumber(item.value))
            .map((item) => ({ ...item, role: roleOf(item, options) }));
    const nameOf = (item) => item.label || item.code;

    function beyondText(svg, beyond, x, y) {
        if (!beyond) return;
        D.add(svg, "text", { x, y, "text-anchor": "end", "font-size": 12, fill: COLOURS.faint },
            `${beyond} beyond the scale, drawn at its edge`);
    }

    // Room at the left for the widest number on the axis.
    function leftMargin(domain, format) {
        const ticks = window.d3.ticks(domain[0], domain[1], 5);
        return Math.ceil(Math.max(...ticks.map((tick) => D.textWidth(format(tick), 12)))) + 12;
    }

    const thresholdItems = (options, y) => (options.thresholds || [])
        .filter((threshold) => isNumber(threshold.value))
        .map((threshold) => ({
            y: y(threshold.value), text: threshold.label,
            figure: D.figureText(threshold.value, options.unit),
            colour: threshold.colour || COLOURS.good, dash: threshold.dash,
        }));

    // One bar an organisation, the best first. Bars of an index stand on 100, others on nought.
    // data: {code, name, value}; options: unit, direction, own, peers, group, thresholds.
    BCBV.charts.bars = function (data, options) {
        const { width, unit, height = 300 } = options;
        const sign = options.direction === "lower" ? 1 : -1;
        const items = prepared(data, options).sort((a, b) => sign * (a.value - b.value));
        const base = unit === "index" ? 100 : 0;
        const thresholds = options.thresholds || [];
        const { low, high, beyond } = D.range(items.map((item) => item.value),
            { include: [base, ...thresholds.map((threshold) => threshold.value)], pad: 0.03 });
        const domain = [base === 0 && low > -1e-9 ? 0 : low, high];
        const format = D.axisFormat(unit, domain);
        const sides = thresholdItems(options, () => 0);
        const left = leftMargin(domain, format);
        const right = D.sideWidth(sides);
        // A bar is never wider than a thumb, so that three organisations do not fill the page.
        const slots = Math.max(items.length, (width - left - right) / 56);
        const offset = (slots - items.length) / 2;
        const at = (i) => left + (width - left - right) * (offset + i + 0.5) / slots;
        const clamp = (value) => Math.min(domain[1], Math.max(domain[0], value));
        const named = items.map((item, i) => ({ item, x: at(i) })).filter(({ item }) => isNamed(item));
        const layout = D.lanes(named.map(({ item, x }) => ({
            x, item, text: nameOf(item), colour: COLOURS[item.role],
            weight: item.role === "own" ? "bold" : "normal",
        })), left, width - 4);
        const margin = { top: layout.height + 14, right, bottom: items.length <= 12 ? 24 : 10, left };
        const gap = items.length > 60 ? 0.08 : 0.15;
        const svg = D.frame({
            width, height, margin,
            x: { type: "linear", domain: [0, slots] },
            y: { type: "linear", domain },
            yTicks: { count: 5, format },
            marks: [
                window.Plot.rect(items, {
                    x1: (item, i) => offset + i + gap, x2: (item, i) => offset + i + 1 - gap,
                    y1: base, y2: (item) => clamp(item.value), fill: (item) => COLOURS[item.role],
                }),
                window.Plot.ruleY([base], { stroke: COLOURS.ink }),
            ],
        });
        const y = window.d3.scaleLinear(domain, [height - margin.bottom, margin.top]);
        for (const label of layout.labels) label.to = y(Math.max(base, clamp(label.item.value)));
        D.drawLanes(svg, layout, margin.top);
        if (items.length <= 12) {
            items.forEach((item, i) => D.add(svg, "text", {
                x: at(i), y: height - 7, "text-anchor": "middle", "font-size": 12,
                fill: COLOURS[item.role === "other" ? "faint" : item.role],
            }, item.code));
        }
        drawThresholds(svg, thresholdItems(options, y), left, width - right, margin.top,
            height - margin.bottom);
        beyondText(svg, beyond, width - 4, height - 2);
        return svg;
    };

    function drawThresholds(svg, items, left, right, top, bottom) {
        for (const item of items) {
            D.add(svg, "line", {
                x1: left, x2: right, y1: item.y, y2: item.y, stroke: item.colour,
                "stroke-width": 1.5, "stroke-dasharray": item.dash || "5 3",
            });
        }
        D.drawSide(svg, items, right, top, bottom);
    }

    // How a point stands to its own limits, by shape as well as colour.
    const POSITIONS = {
        worse_998: { shape: "up", colour: COLOURS.bad, filled: true, text: "worse, beyond 99.8 %" },
        worse_95: { shape: "up", colour: COLOURS.bad, filled: false, text: "worse, beyond 95 %" },
        better_998: { shape: "diamond", colour: COLOURS.good, filled: true, text: "better, beyond 99.8 %" },
        better_95: { shape: "diamond", colour: COLOURS.good, filled: false, text: "better, beyond 95 %" },
    };
    const WITHIN = { shape: "circle", colour: COLOURS.other, filled: true, text: "within the limits" };
    const drawPosition = (position) => (svg, x, y) => D.mark(svg, position.shape, x, y, 3.6, {
        fill: position.filled ? position.colour : "#ffffff", stroke: position.colour, width: 1.3,
    });

    // The limits as a line: at each size the median of those nearby, for two organisations of a
    // size have limits of their own where their case mix differs.
    function smooth(items, key) {
        const reach = items.length < 30 ? 0 : Math.round(items.length / 24);
        return items.map((item, i) => ({
            size: item.size,
            limit: window.d3.median(items.slice(Math.max(0, i - reach), i + reach + 1), (d) => d[key]),
        }));
    }

    // data: {code, value, size, lower95, upper95, lower998, upper998, position};
    // options: unit, centre, sizeLabel, own, peers. The axis shows the points: the limits of the
    // smallest run out of it.
    BCBV.charts.funnel = function (data, options) {
        const { width, unit, height = 360 } = options;
        const items = prepared(data, options).filter((item) => isNumber(item.size))
            .sort((a, b) => a.size - b.size);
        const bounded = items.filter((item) => isNumber(item.lower95));
        const { low, high, beyond } = D.range(items.map((item) => item.value),
            { include: [options.centre], pad: 0.08 });
        const domain = [low, high];
        const format = D.axisFormat(unit, domain);
        const left = leftMargin(domain, format);
        const margin = { top: 0, right: 16, bottom: 44, left };
        const top = Math.max(0, ...items.map((item) => item.size));
        const x = window.d3.scaleLinear([0, top * 1.03 || 1], [left, width - margin.right]);
        const shown = [WITHIN, ...Object.keys(POSITIONS)
            .filter((name) => items.some((item) => item.position === name))
            .map((name) => POSITIONS[name])];
        const key = D.keyRows(shown.map((position) => ({
            text: position.text, draw: drawPosition(position),
        })), width - left);
        const layout = D.lanes(items.filter(isNamed).map((item) => ({
            item, x: x(item.size), text: nameOf(item), colour: COLOURS[item.role],
            weight: item.role === "own" ? "bold" : "normal",
        })), left, width - 4);
        margin.top = key.height + layout.height + 14;
        const line = (name, dash) => window.Plot.line(smooth(bounded, name), {
            x: "size", y: "limit", stroke: COLOURS.faint, strokeWidth: 1.2,
            strokeDasharray: dash, clip: true, curve: "monotone-x",
        });
        const svg = D.frame({
            width, height, margin,
            x: { type: "linear", domain: x.domain() },
            y: { type: "linear", domain },
            xTicks: { count: width < 480 ? 4 : 7, format: (value) => BCBV.words.countText(value) },
            yTicks: { count: 5, format },
            marks: [
                isNumber(options.centre)
                    ? window.Plot.ruleY([options.centre], { stroke: COLOURS.ink, strokeWidth: 1.2 }) : null,
                line("lower95", "2 3"), line("upper95", "2 3"),
                line("lower998"), line("upper998"),
            ],
        });
        const y = window.d3.scaleLinear(domain, [height - margin.bottom, margin.top]);
        const clamp = (value) => Math.min(high, Math.max(low, value));
        const plain = items.filter((item) => !isNamed(item));
        for (const item of plain) {
            drawPosition(POSITIONS[item.position] || WITHIN)(svg, x(item.size), y(clamp(item.value)));
        }
        for (const label of layout.labels) label.to = y(clamp(label.item.value)) - 6;
        D.drawLanes(svg, layout, margin.top);
        for (const item of items.filter(isNamed)) {
            const position = POSITIONS[item.position] || WITHIN;
            D.mark(svg, position.shape, x(item.size), y(clamp(item.value)), 5.5, {
                fill: COLOURS[item.role], stroke: "#ffffff", width: 1.5,
            });
        }
        D.drawKey(svg, key, left, 2);
        D.add(svg, "text", {
            x: width - margin.right, y: height - 6, "text-anchor": "end", "font-size": 12,
            fill: COLOURS.faint,
        }, `${options.sizeLabel || "size"} →`);
        beyondText(svg, beyond, width - margin.right, margin.top + 12);
        return svg;
    };

    // How many organisations have which value. data: {code, value}; options: as for bars.
    BCBV.charts.histogram = function (data, options) {
        const { width, unit, height = 250 } = options;
        const items = prepared(data, options);
        const { low, high, beyond } = D.range(items.map((item) => item.value), { pad: 0.02 });
        const clamp = (value) => Math.min(high, Math.max(low, value));
        const steps = items.length < 30 ? 8 : 20;
        const domain = window.d3.scaleLinear([low, high], [0, 1]).nice(steps).domain();
        const bins = window.d3.bin().domain(domain)
            .thresholds(window.d3.ticks(...domain, steps))(items.map((item) => clamp(item.value)));
        const most = Math.max(4, ...bins.map((bin) => bin.length));
        const format = D.axisFormat(unit, domain);
        const margin = { top: 0, right: 16, bottom: 30, left: 34 };
        const x = window.d3.scaleLinear(domain, [margin.left, width - margin.right]);
        const lines = (options.thresholds || []).filter(({ value }) => isNumber(value))
            .map((threshold) => ({
                x: x(clamp(threshold.value)), colour: threshold.colour || COLOURS.good, dash: "5 3",
                text: `${threshold.label} ${D.figureText(threshold.value, unit)}`, weight: "normal",
            }));
        const layout = D.lanes([...lines, ...items.filter(isNamed).map((item) => ({
            x: x(clamp(item.value)), colour: COLOURS[item.role],
            text: `${nameOf(item)} ${D.figureText(item.value, unit)}`,
            weight: item.role === "own" ? "bold" : "normal",
        }))], margin.left, width - 4);
        margin.top = layout.height + 12;
        const svg = D.frame({
            width, height: height + layout.height, margin,
            x: { type: "linear", domain },
            y: { type: "linear", domain: [0, most] },
            xTicks: { count: width < 480 ? 4 : 8, format },
            yTicks: { count: Math.min(4, most), format: (value) => String(value) },
            marks: [
                window.Plot.rect(bins, {
                    x1: "x0", x2: "x1", y1: 0, y2: "length", fill: COLOURS.other, inset: 0.75,
                }),
                window.Plot.ruleY([0], { stroke: COLOURS.ink }),
            ],
        });
        for (const label of layout.labels) label.to = height + layout.height - margin.bottom;
        D.drawLanes(svg, layout, margin.top);
        beyondText(svg, beyond, width - 4, margin.top + 10);
        return svg;
    };
})();
