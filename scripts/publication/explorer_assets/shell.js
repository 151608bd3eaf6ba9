// Header, search, quarter, banners, footer, and the router that draws a view.
(function () {
    "use strict";

    const BCBV = window.BCBV;
    const { el } = BCBV;
    const VIEWS = [
        ["england", "England"], ["indicator", "Indicator"], ["organisation", "Organisation"],
        ["sha", "SHA"], ["quality", "Data quality"], ["compare", "Compare"],
        ["method", "Method and data"],
    ];
    const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December"];
    const MOST_FOUND = 12;
    let drawing = 0;
    let isMoved = false;

    const get = (id) => document.getElementById(id);

    // 2026-11-30T… is 30 November 2026.
    BCBV.dateWords = (text) => {
        const [year, month, day] = text.slice(0, 10).split("-").map(Number);
        return `${day} ${MONTHS[month - 1]} ${year}`;
    };

    // ---- search -------------------------------------------------------------------------------

    function startSearch() {
        const input = get("search");
        const list = get("found");
        const message = get("found-count");
        const everyone = [
            ...BCBV.index.organisations.map((row) => ({
                code: row.organisation_code, name: row.organisation_name, view: "organisation",
            })),
            ...BCBV.index.areas.map((row) => ({ code: row.area_code, name: row.area_name, view: "sha" })),
        ];
        let found = [];
        let active = -1;

        function close() {
            list.hidden = true;
            active = -1;
            input.setAttribute("aria-expanded", "false");
            input.removeAttribute("aria-activedescendant");
            message.textContent = "";
            message.className = "hidden-text";
        }

        function mark(place) {
            active = place;
            [...list.children].forEach((item, other) => {
                item.setAttribute("aria-selected", String(other === place));
                if (other === place) item.scrollIntoView({ block: "nearest" });
            });
            input.setAttribute("aria-activedescendant", `found-${place}`);
        }

        function open(place) {
            const one = found[place];
            if (!one) return;
            input.value = "";
            close();
            BCBV.go(BCBV.link(one.view, { id: one.code }));
        }

        function search() {
            const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
            if (!wanted.length) {
                close();
                return;
            }
            const text = (one) => `${one.code} ${one.name}`.toLowerCase();
            // Its own code first, then names that begin with the word.
            const order = (one) => (one.code.toLowerCase() === wanted[0] ? 0
                : one.name.toLowerCase().startsWith(wanted[0]) ? 1 : 2);
            const all = everyone.filter((one) => wanted.every((word) => text(one).includes(word)))
                .sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, "en-GB"));
            found = all.slice(0, MOST_FOUND);
            list.replaceChildren(...found.map((one, place) => el("li", {
                id: `found-${place}`, role: "option", "aria-selected": "false",
                // The box keeps the focus, or its blur would close the list before the click.
                onmousedown: (event) => event.preventDefault(),
                onclick: () => open(place),
            }, `${one.name} (${one.code})`)));
            list.hidden = !found.length;
            active = -1;
            input.setAttribute("aria-expanded", String(found.length > 0));
            input.removeAttribute("aria-activedescendant");
            message.textContent = all.length
                ? `${BCBV.countWords(all.length, "organisation", "organisations")} found`
                : "No organisation has this name or code";
            message.className = all.length ? "hidden-text" : "found-none";
        }

        input.addEventListener("input", search);
        input.addEventListener("focus", search);
        input.addEventListener("blur", close);
        input.addEventListener("keydown", (event) => {
            const last = found.length - 1;
            if (event.key === "ArrowDown" && found.length) mark(active === last ? 0 : active + 1);
            else if (event.key === "ArrowUp" && found.length) mark(active <= 0 ? last : active - 1);
            else if (event.key === "Enter") open(Math.max(active, 0));
            else if (event.key === "Escape") close();
            else return;
            event.preventDefault();
        });
    }

    // ---- what stays ---------------------------------------------------------------------------

    function startShell() {
        const { facts, quarterNames } = BCBV.index;
        get("quarter").replaceChildren(...[...quarterNames].reverse().map((quarter) =>
            el("option", { value: quarter }, quarter)));
        get("quarter").addEventListener("change", () => BCBV.choose({ quarter: get("quarter").value }));
        get("skip").addEventListener("click", (event) => {
            // The address is the view's, and a jump must not change it.
            event.preventDefault();
            get("title").focus();
        });
        get("banners").replaceChildren(...banners(facts));
        get("footer").replaceChildren(
            el("p", {}, "Release ", el("code", {}, facts.release), `, published on ${BCBV.dateWords(facts.published_at)}`
                + `, from a warehouse built on ${BCBV.dateWords(facts.built_at)}`
                + `${facts.as_at ? `, as at ${BCBV.dateWords(facts.as_at)}` : ""}.`),
            el("p", {}, facts.suppressed
                ? "Figures with fewer than 8 patients behind them are hidden, and others rounded. "
                : "Nothing is hidden or rounded. ", el("a", { href: "#/method" }, "How the figures are made")),
            el("p", {}, "An open rebuild of the Better Care, Better Value indicators; no service of the NHS. "
                + "Code under the Apache License 2.0; chart libraries d3 and Observable Plot under the ISC licence."));
    }

    const banners = (facts) => [
        facts.restricted && el("p", { class: "banner restricted" }, el("strong", {}, "RESTRICTED."),
            " Small numbers are not hidden here. For the organisation that runs the warehouse, under its own rules."),
        facts.synthetic && el("p", { class: "banner synthetic" }, el("strong", {}, "Synthetic data."),
            " The figures are made up. They say nothing of any real organisation."),
        el("p", { class: "banner" }, "Indicators show where to look. They are not targets, and this is no league table."),
    ].filter(Boolean);

    function refreshShell(state) {
        get("quarter").value = state.quarter;
        get("home").href = BCBV.link("england");
        get("views").replaceChildren(...VIEWS.filter(([name]) => BCBV.views[name]).map(([name, label]) =>
            el("li", {}, el("a", {
                href: BCBV.link(name), "aria-current": state.view === name ? "page" : null,
            }, label))));
    }

    // ---- router -------------------------------------------------------------------------------

    BCBV.show = () => {
        const state = BCBV.parse(location.hash);
        const view = BCBV.views[state.view];
        const { isChoice } = BCBV;
        drawing += 1;
        const turn = drawing;
        BCBV.isChoice = false;
        BCBV.state = state;
        refreshShell(state);
        const late = setTimeout(() => { get("loading").textContent = "Loading the figures"; }, 200);
        BCBV.load(view && view.load ? view.load(state) : []).then(() => {
            clearTimeout(late);
            // The reader may have gone on meanwhile.
            if (turn !== drawing) return;
            get("loading").textContent = "";
            draw(view, state, isChoice);
        });
    };

    function draw(view, state, isChoice) {
        const root = el("div");
        const title = view ? view.title(state) : "There is no such page";
        const focused = isChoice && document.activeElement ? document.activeElement.id : null;
        const height = get("view").offsetHeight;
        get("title").textContent = title;
        document.title = `${title}, ${state.quarter} – Indicator Explorer`;
        get("view").className = `view-${state.view}`;
        // While the new content has no charts yet the page must not jump.
        if (isChoice) get("view").style.minHeight = `${height}px`;
        get("view").replaceChildren(root);
        if (!view) root.append(BCBV.empty("The address names no view. Choose one above."));
        else {
            try {
                view.render(root, state);
            } catch (fault) {
                root.replaceChildren(BCBV.empty(`This page could not be drawn: ${fault.message}`));
                console.error(fault);
            }
        }
        if (isChoice) {
            const again = focused && get(focused);
            if (again) again.focus({ preventScroll: true });
            setTimeout(() => { get("view").style.minHeight = ""; }, 300);
        } else if (isMoved) {
            window.scrollTo(0, 0);
            get("title").focus({ preventScroll: true });
        }
        isMoved = true;
        document.documentElement.setAttribute("data-drawn", String(drawing));
    }

    BCBV.start = () => {
        if (!BCBV.index) {
            get("view").replaceChildren(BCBV.empty("The figures are missing: the folder data must lie beside this "
                + "page. Unpack the whole release."));
            return;
        }
        startShell();
        startSearch();
        window.addEventListener("hashchange", BCBV.show);
        BCBV.show();
    };
})();
