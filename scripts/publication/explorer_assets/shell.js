/* Header, search, quarter, banners, footer, and the router that draws a view. */
"use strict";
(function () {
    var el = BCBV.el;
    var VIEWS = [
        ["england", "England"], ["indicator", "Indicator"], ["organisation", "Organisation"],
        ["sha", "SHA"], ["quality", "Data quality"], ["compare", "Compare"], ["method", "Method and data"]
    ];
    var drawing = 0;
    var MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December"];

    BCBV.dateWords = function (text) {
        var date = text.slice(0, 10).split("-").map(Number);
        return date[2] + " " + MONTHS[date[1] - 1] + " " + date[0];
    };

    function get(id) { return document.getElementById(id); }

    // ---- search -----------------------------------------------------------------------------------

    function startSearch() {
        var input = get("search");
        var list = get("found");
        var found = [];
        var active = -1;
        var everyone = BCBV.index.organisations.map(function (row) {
            return { code: row.organisation_code, name: row.organisation_name, view: "organisation" };
        }).concat(BCBV.index.areas.map(function (row) {
            return { code: row.area_code, name: row.area_name, view: "sha" };
        }));

        function close() {
            list.hidden = true;
            active = -1;
            input.setAttribute("aria-expanded", "false");
            input.removeAttribute("aria-activedescendant");
        }

        function mark(place) {
            active = place;
            Array.from(list.children).forEach(function (item, other) {
                item.setAttribute("aria-selected", other === place ? "true" : "false");
                if (other === place) item.scrollIntoView({ block: "nearest" });
            });
            if (place >= 0) input.setAttribute("aria-activedescendant", "found-" + place);
        }

        function open(place) {
            var one = found[place];
            if (!one) return;
            input.value = "";
            close();
            BCBV.go(BCBV.link(one.view, { id: one.code }));
        }

        function search() {
            var words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
            if (!words.length) {
                close();
                get("found-count").textContent = "";
                return;
            }
            var all = everyone.filter(function (one) {
                var text = (one.code + " " + one.name).toLowerCase();
                return words.every(function (word) { return text.indexOf(word) >= 0; });
            });
            // Its own code first, then names that begin with the word.
            var rank = function (one) {
                return one.code.toLowerCase() === words[0] ? 0
                    : one.name.toLowerCase().indexOf(words[0]) === 0 ? 1 : 2;
            };
            found = all.sort(function (a, b) {
                return rank(a) - rank(b) || a.name.localeCompare(b.name, "en-GB");
            }).slice(0, 12);
            list.replaceChildren.apply(list, found.map(function (one, place) {
                return el("li", {
                    id: "found-" + place, role: "option", "aria-selected": "false",
                    onmousedown: function (event) { event.preventDefault(); },
                    onclick: function () { open(place); }
                }, one.name + " (" + one.code + ")");
            }));
            list.hidden = !found.length;
            input.setAttribute("aria-expanded", found.length ? "true" : "false");
            active = -1;
            input.removeAttribute("aria-activedescendant");
            get("found-count").textContent = all.length === 0 ? "No organisation found"
                : all.length + (all.length === 1 ? " organisation found" : " organisations found")
                    + (all.length > found.length ? ", the first " + found.length + " shown" : "");
            get("found-count").className = all.length ? "hidden-text" : "found-none";
        }

        input.addEventListener("input", search);
        input.addEventListener("blur", close);
        input.addEventListener("focus", search);
        input.addEventListener("keydown", function (event) {
            if (event.key === "ArrowDown" && found.length) {
                event.preventDefault();
                mark((active + 1) % found.length);
            } else if (event.key === "ArrowUp" && found.length) {
                event.preventDefault();
                mark((active + found.length - 1) % found.length);
            } else if (event.key === "Enter") open(Math.max(active, 0));
            else if (event.key === "Escape") close();
        });
    }

    // ---- what stays: header, banners, footer --------------------------------------------------------

    function startShell() {
        var index = BCBV.index;
        var facts = index.facts;
        get("quarter").replaceChildren.apply(get("quarter"), index.quarterNames.slice().reverse().map(function (quarter) {
            return el("option", { value: quarter }, quarter);
        }));
        get("quarter").addEventListener("change", function () {
            BCBV.choose({ quarter: get("quarter").value });
        });
        get("skip").addEventListener("click", function (event) {
            // The address is the view's: a jump must not change it.
            event.preventDefault();
            get("title").focus();
            get("main").scrollIntoView();
        });
        var banners = [];
        if (facts.restricted) {
            banners.push(el("p", { class: "banner restricted" }, el("strong", null, "RESTRICTED."),
                " Small numbers are not suppressed. For the organisation that runs the warehouse, under its own rules."));
        }
        if (facts.synthetic) {
            banners.push(el("p", { class: "banner synthetic" }, el("strong", null, "Synthetic data."),
                " The figures are made up. They say nothing of any real organisation."));
        }
        banners.push(el("p", { class: "banner" },
            "Indicators show where to look. They are not targets and this is no league table."));
        get("banners").replaceChildren.apply(get("banners"), banners);
        get("footer").replaceChildren(
            el("p", null, "Release ", el("code", null, facts.release), ", published on "
                + BCBV.dateWords(facts.published_at) + ", from a warehouse built on " + BCBV.dateWords(facts.built_at)
                + (facts.as_at ? ", as at " + BCBV.dateWords(facts.as_at) : "") + "."),
            el("p", null, facts.suppressed
                ? "Counts of 1 to 7 patients and all that would tell them are hidden; figures are rounded. "
                : "Nothing is hidden or rounded. ",
            el("a", { href: "#/method" }, "How the figures are made")),
            el("p", null, "An open rebuild of the Better Care, Better Value indicators. It is not a service of the NHS. "
                + "Code under the Apache License 2.0."));
    }

    function refreshShell(state) {
        get("quarter").value = state.quarter;
        get("home").href = BCBV.link("england");
        get("views").replaceChildren.apply(get("views"), VIEWS.map(function (view) {
            return el("li", null, el("a", {
                href: BCBV.link(view[0]), "aria-current": state.view === view[0] ? "page" : null
            }, view[1]));
        }));
    }

    // ---- router -----------------------------------------------------------------------------------

    BCBV.show = function () {
        var state = BCBV.parse(location.hash);
        var view = BCBV.views[state.view];
        var turn = ++drawing;
        var keepFocus = BCBV.keepFocus;
        BCBV.keepFocus = false;
        BCBV.state = state;
        refreshShell(state);
        var late = setTimeout(function () { get("loading").textContent = "Loading the figures"; }, 200);
        BCBV.load(view && view.load ? view.load(state) : []).then(function () {
            clearTimeout(late);
            if (turn !== drawing) return;
            get("loading").textContent = "";
            draw(view, state, keepFocus);
        });
    };

    function draw(view, state, keepFocus) {
        var root = el("div");
        var title = view ? view.title(state) : "There is no such page";
        var focused = keepFocus && document.activeElement ? document.activeElement.id : null;
        get("title").textContent = title;
        document.title = title + " (" + state.quarter + ") – Indicator Explorer";
        get("view").className = "view-" + state.view;
        get("view").replaceChildren(root);
        if (view) {
            try {
                view.render(root, state);
            } catch (fault) {
                root.replaceChildren(BCBV.empty("This page could not be drawn: " + fault.message));
                console.error(fault);
            }
        } else {
            root.append(BCBV.empty("The address names no view. Choose one above."));
        }
        if (keepFocus) {
            var again = focused && document.getElementById(focused);
            if (again) again.focus({ preventScroll: true });
        } else if (BCBV.moved) {
            window.scrollTo(0, 0);
            get("title").focus({ preventScroll: true });
        }
        BCBV.moved = true;
        document.documentElement.setAttribute("data-drawn", String(drawing));
    }

    BCBV.start = function () {
        if (!BCBV.index) {
            get("view").replaceChildren(BCBV.empty(
                "The figures are missing: the folder data must lie beside this page. Unpack the whole release."));
            return;
        }
        startShell();
        startSearch();
        window.addEventListener("hashchange", BCBV.show);
        BCBV.show();
    };
})();
