/* What every view stands on: data that come as scripts, and the address that holds the whole state.
 *
 *   BCBV.load(["o/RGT"])        a promise: the shards are there, or a rejection that says which is not
 *   BCBV.rows("o/RGT", "values")  a table of a loaded shard as row objects (nothing is null)
 *   BCBV.series(rows, "value")  ...
 *   BCBV.view(name, {title(state), load(state), render(root, state)})
 *   BCBV.link(view, {id, ...})  an address, "#/organisation/RGT?quarter=2007-08%20Q4"
 *   BCBV.state                  {view, id, quarter, params}: what the address says
 */
"use strict";
var BCBV = window.BCBV || {};
(function (api) {
    var shards = {};
    var waiting = {};
    var decoded = {};
    var views = {};
    Object.assign(api, { views: views, state: null, index: null });

    // ---- data -------------------------------------------------------------------------------------

    api.put = function (key, content) {
        shards[key] = content;
        if (key === "index") takeIndex(content);
    };

    function takeIndex(index) {
        api.index = index;
        index.indicatorById = byKey(index.indicators, "indicator_id");
        index.organisationByCode = byKey(index.organisations, "organisation_code");
        index.areaByCode = byKey(index.areas, "area_code");
        index.ruleById = byKey(index.rules, "rule_id");
        index.quarterNames = index.quarters.map(function (row) { return row.quarter; });
        index.latestQuarter = index.quarterNames[index.quarterNames.length - 1];
    }

    function byKey(rows, key) {
        var found = Object.create(null);
        rows.forEach(function (row) { found[row[key]] = row; });
        return found;
    }

    /* A shard that does not exist is one with no tables: an organisation without figures is no fault
     * of the page. Whether it should exist is for the view to say. */
    api.load = function (keys) {
        return Promise.all(keys.map(function (key) {
            if (shards[key]) return Promise.resolve();
            if (waiting[key]) return waiting[key];
            waiting[key] = new Promise(function (resolve) {
                var script = document.createElement("script");
                script.src = "data/" + key.split("/").map(encodeURIComponent).join("/") + ".js";
                script.onload = script.onerror = function () {
                    if (!shards[key]) shards[key] = {};
                    delete waiting[key];
                    script.remove();
                    resolve();
                };
                document.head.appendChild(script);
            });
            return waiting[key];
        }));
    };

    api.has = function (key) {
        return Boolean(shards[key] && Object.keys(shards[key]).length);
    };

    api.shard = function (key) {
        return shards[key] || {};
    };

    api.rows = function (key, table) {
        var name = key + " " + table;
        if (!decoded[name]) decoded[name] = decode(api.shard(key)[table]);
        return decoded[name];
    };

    /* Columns are texts (scripts/publication/explorer/encoding.py says how); null where nothing is. */
    function decode(table) {
        var rows = [];
        if (!table) return rows;
        for (var place = 0; place < table.n; place++) rows.push({});
        Object.keys(table).forEach(function (name) {
            if (name === "n") return;
            var values = Array.isArray(table[name]) ? table[name] : cells(table[name], name);
            for (var place = 0; place < table.n; place++) rows[place][name] = values[place];
        });
        return rows;
    }

    var LISTS = { from_quarter: "quarter", segment_from_quarter: "quarter" };

    function cells(text, name) {
        var codes = api.index.codes[LISTS[name] || name];
        var above = "";
        var values = [];
        function value(cell) {
            if (cell === "") return null;
            if (codes) return codes[Number(cell)];
            return cell === "t" || cell === "f" ? cell === "t" : Number(cell);
        }
        text.split(",").forEach(function (cell) {
            var mark = cell.charAt(0);
            if (mark !== "~" && mark !== "+") {
                above = cell;
                values.push(value(cell));
                return;
            }
            for (var times = Number(cell.slice(1) || 1); times > 0; times--) {
                if (mark === "+") above = String(Number(above) + 1);
                values.push(value(above));
            }
        });
        return values;
    }

    api.year = function (quarter) { return quarter.slice(0, 7); };

    // ---- address ----------------------------------------------------------------------------------

    api.parse = function (hash) {
        var parts = hash.replace(/^#\/?/, "").split("?");
        var path = parts[0].split("/").filter(Boolean).map(decodeURIComponent);
        var params = {};
        new URLSearchParams(parts[1] || "").forEach(function (value, key) { params[key] = value; });
        var known = api.index.quarterNames.indexOf(params.quarter) >= 0;
        return {
            view: path[0] || "england",
            id: path[1] || null,
            quarter: known ? params.quarter : api.index.latestQuarter,
            params: params
        };
    };

    /* The quarter goes with every link, unless it is the latest: an address that names none is
     * always the newest figures. `params` with null leaves a key out. */
    api.link = function (view, params) {
        var given = Object.assign({ quarter: api.state ? api.state.quarter : null }, params || {});
        var query = Object.keys(given).filter(function (key) {
            var value = given[key];
            return key !== "id" && value !== null && value !== undefined && value !== ""
                && !(key === "quarter" && value === api.index.latestQuarter);
        }).map(function (key) {
            return encodeURIComponent(key) + "=" + encodeURIComponent(given[key]);
        }).join("&");
        return "#/" + view + (given.id ? "/" + encodeURIComponent(given.id) : "")
            + (query ? "?" + query : "");
    };

    /* The present address with some of its parameters changed. */
    api.here = function (changes) {
        var state = api.state;
        return api.link(state.view, Object.assign(
            { id: state.id }, state.params, { quarter: state.quarter }, changes));
    };

    api.go = function (address) {
        if (location.hash === address) api.show();
        else location.hash = address;
    };

    /* A choice within a view: the address changes, the focus stays where the reader is. */
    api.choose = function (changes) {
        api.keepFocus = true;
        api.go(api.here(changes));
    };

    api.view = function (name, definition) { views[name] = definition; };

})(BCBV);
