// What every view stands on: data that come as scripts, and the address that holds the whole state.
//
//   BCBV.load(["o/RGT"])          a promise: the shards are there
//   BCBV.has("o/RGT")             whether the release has such a shard
//   BCBV.rows("o/RGT", "values")  a table of a loaded shard as row objects; what is missing is null
//   BCBV.shard("s/BCBV01")        a shard as it was written
//   BCBV.view(name, {title(state), load(state), render(root, state)})
//   BCBV.link(view, {id, ...})    an address, "#/organisation/RGT?quarter=2007-08%20Q4"
//   BCBV.here({indicator: "BCBV02"})    this address, changed
//   BCBV.choose({indicator: "BCBV02"})  go there, and leave the focus where it is
//   BCBV.state                    {view, id, quarter, params}: what the address says
//   BCBV.index                    facts, quarters, indicators, organisations, areas, rules
//
// Which tables a shard has says scripts/publication/explorer/tables.py, and encoding.py beside it
// how they are written.
(function () {
    "use strict";

    const BCBV = (window.BCBV = window.BCBV || {});
    const LISTS = { from_quarter: "quarter", segment_from_quarter: "quarter" };
    const shards = {};
    const waiting = {};
    const decoded = {};
    let known = new Set();
    Object.assign(BCBV, { views: {}, state: null, index: null });

    // ---- data ---------------------------------------------------------------------------------

    BCBV.put = (key, content) => {
        shards[key] = content;
        if (key === "index") takeIndex(content);
    };

    function takeIndex(index) {
        BCBV.index = index;
        known = new Set(index.shards);
        index.indicatorById = byKey(index.indicators, "indicator_id");
        index.organisationByCode = byKey(index.organisations, "organisation_code");
        index.areaByCode = byKey(index.areas, "area_code");
        index.ruleById = byKey(index.rules, "rule_id");
        index.quarterNames = index.quarters.map((row) => row.quarter);
        index.latestQuarter = index.quarterNames[index.quarterNames.length - 1];
    }

    function byKey(rows, key) {
        const found = Object.create(null);
        for (const row of rows) found[row[key]] = row;
        return found;
    }

    // A shard that is not there has no tables: an organisation without figures is no fault of the
    // page, and the view says so. The index knows which are there, so that none is asked for in vain.
    BCBV.load = (keys) => Promise.all(keys.map((key) => {
        if (shards[key] || !known.has(key)) return null;
        waiting[key] = waiting[key] || new Promise((resolve) => {
            const script = document.createElement("script");
            script.src = `data/${key.split("/").map(encodeURIComponent).join("/")}.js`;
            script.onload = script.onerror = () => {
                shards[key] = shards[key] || {};
                delete waiting[key];
                script.remove();
                resolve();
            };
            document.head.append(script);
        });
        return waiting[key];
    }));

    BCBV.shard = (key) => shards[key] || {};
    BCBV.has = (key) => Object.keys(BCBV.shard(key)).length > 0;

    BCBV.rows = (key, table) => {
        const name = `${key} ${table}`;
        if (!decoded[name]) decoded[name] = decode(BCBV.shard(key)[table]);
        return decoded[name];
    };

    function decode(table) {
        if (!table) return [];
        const rows = Array.from({ length: table.n }, () => ({}));
        for (const [name, written] of Object.entries(table)) {
            if (name === "n") continue;
            const values = Array.isArray(written) ? written : cells(written, name);
            rows.forEach((row, place) => { row[name] = values[place]; });
        }
        return rows;
    }

    function cells(text, name) {
        const codes = BCBV.index.codes[LISTS[name] || name];
        const values = [];
        let above = "";
        const value = (cell) => {
            if (cell === "") return null;
            if (codes) return codes[Number(cell)];
            return cell === "t" || cell === "f" ? cell === "t" : Number(cell);
        };
        for (const cell of text.split(",")) {
            const mark = cell.charAt(0);
            if (mark !== "~" && mark !== "+") {
                above = cell;
                values.push(value(cell));
                continue;
            }
            for (let times = Number(cell.slice(1) || 1); times > 0; times -= 1) {
                if (mark === "+") above = String(Number(above) + 1);
                values.push(value(above));
            }
        }
        return values;
    }

    // Shards of a year are named by the financial year of the quarter.
    BCBV.year = (quarter) => quarter.slice(0, 7);

    // ---- address ------------------------------------------------------------------------------

    function decodedPart(text) {
        try {
            return decodeURIComponent(text);
        } catch {
            return text; // an address cut short
        }
    }

    BCBV.parse = (hash) => {
        const [path, query] = hash.replace(/^#\/?/, "").split("?");
        const [view, id] = path.split("/").filter(Boolean).map(decodedPart);
        const params = Object.fromEntries(new URLSearchParams(query || ""));
        const isKnown = BCBV.index.quarterNames.includes(params.quarter);
        return {
            view: view || "england",
            id: id || null,
            quarter: isKnown ? params.quarter : BCBV.index.latestQuarter,
            params,
        };
    };

    // The quarter goes with every link, but for the latest: an address that names none shows the
    // newest figures, whenever it is opened. A parameter that is null is left out.
    BCBV.link = (view, params = {}) => {
        const { id, ...others } = { quarter: BCBV.state && BCBV.state.quarter, ...params };
        const query = Object.entries(others)
            .filter(([key, value]) => value !== null && value !== undefined && value !== ""
                && !(key === "quarter" && value === BCBV.index.latestQuarter))
            .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
            .join("&");
        return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
    };

    BCBV.here = (changes) => {
        const { view, id, params, quarter } = BCBV.state;
        return BCBV.link(view, { id, ...params, quarter, ...changes });
    };

    BCBV.go = (address) => {
        if (location.hash === address) BCBV.show();
        else location.hash = address;
    };

    BCBV.choose = (changes) => {
        const address = BCBV.here(changes);
        if (location.hash === address) return;
        BCBV.isChoice = true;
        location.hash = address;
    };

    BCBV.view = (name, definition) => { BCBV.views[name] = definition; };
})();
