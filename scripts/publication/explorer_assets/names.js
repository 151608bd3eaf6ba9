// What codes are called, for readers. Rules, indicators and organisations bring their own names.
(function () {
    "use strict";

    const BCBV = (window.BCBV = window.BCBV || {});

    const NAMES = {
        feed: {
            hes_apc: "Admitted patient care",
            hes_op: "Outpatients",
            epact: "Prescribing (ePACT)",
            epd: "Prescribing (English Prescribing Dataset)",
            esr_absence: "Sickness absence (ESR)",
            esr_movement: "Joiners and leavers (ESR)",
            nhse_sickness: "Sickness absence (NHS England)",
            nhse_turnover: "Turnover (NHS England)",
            finance: "Finance",
            bppc: "Invoices paid",
            procurement: "Procurement",
            population: "Population",
        },
        verdict: {
            green: "complete and sound",
            amber: "with remarks",
            red: "not to be relied on",
            unusable: "unusable",
            not_submitted: "not submitted",
        },
        dimension: {
            hrg_chapter: "chapter of healthcare resource groups",
            hrg: "healthcare resource group",
            specialty: "specialty",
            pct: "primary care trust",
            provider: "hospital trust",
            procedure: "procedure",
            condition: "condition",
            practice: "practice",
        },
        scenario: {
            as_published: "As published",
            netted: "Bed days counted once",
            unflagged_only: "Without doubtful data",
            distinguishable_only: "Only gaps beyond chance",
            shrunk: "Values drawn in for chance",
            lower_95: "Lower ends of all intervals",
            upper_95: "Upper ends of all intervals",
            median: "Level of the median",
            best_decile: "Level of the best tenth",
            sha_benchmark: "Best quarter of the own SHA",
            cluster_benchmark: "Best quarter of the peer group",
        },
        part: {
            performance_gbp: "Performance",
            benchmark_gbp: "The best quarter moved",
            volume_gbp: "Activity",
            price_and_mix_gbp: "Prices and case mix",
            reporting_gbp: "Who reported",
            organisations_gbp: "Organisations that opened, closed or merged",
            scope_gbp: "Indicators that joined or left the total",
        },
        organisation_class: { trust: "Hospital trusts", pct: "Primary care trusts" },
        organisation_type: {
            acute: "Acute trust",
            acute_ft: "Acute foundation trust",
            acute_specialist: "Specialist trust",
            pct: "Primary care trust",
            ccg: "Clinical commissioning group",
            icb: "Integrated care board",
            mental_health: "Mental health trust",
        },
        direction: {
            lower: "lower is better",
            higher: "higher is better",
            context: "neither high nor low is better",
        },
        indicator_id: { ALL: "All, as published", ALL_NETTED: "All, bed days counted once" },
    };

    BCBV.name = (kind, code) => (NAMES[kind] && NAMES[kind][code]) || code;
    BCBV.names = (kind) => NAMES[kind];

    BCBV.indicatorName = (id) => {
        const indicator = BCBV.index.indicatorById[id];
        return indicator ? indicator.name : BCBV.name("indicator_id", id);
    };

    // Short enough for the head of a column: "length of stay" of length_of_stay.
    BCBV.shortName = (id) => {
        const indicator = BCBV.index.indicatorById[id];
        if (!indicator) return BCBV.name("indicator_id", id);
        const words = indicator.short_name.replaceAll("_", " ");
        return (words.charAt(0).toUpperCase() + words.slice(1))
            .replace(/^Dna /, "DNA ").replace(/^Ace /, "ACE ").replace(/ ppi$/, " PPI")
            .replace("Pre op ", "Pre-op ").replace("Day case", "Day-case");
    };

    // Whether an indicator is in the published total in a quarter.
    BCBV.isInTotal = (id, quarter) => {
        const indicator = BCBV.index.indicatorById[id];
        return Boolean(indicator && indicator.in_published_total
            && (!indicator.published_from_quarter || indicator.published_from_quarter <= quarter));
    };

    // "SHA" is what the name of each ends in.
    BCBV.areaName = (code) => (BCBV.nameOf(code) || code).replace(" Strategic Health Authority", "");

    // £1.2m less; £0.3m more; as much.
    BCBV.changeWords = (gbp) => {
        if (gbp === null || gbp === undefined) return "not comparable";
        if (gbp === 0) return "unchanged";
        return `${BCBV.words.poundsText(Math.abs(gbp))} ${gbp < 0 ? "less" : "more"}`;
    };

    BCBV.countWords = (count, one, many) =>
        `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;

    // What a sum leaves out, so that nobody adds up and wonders.
    BCBV.suppressedWords = (count) => {
        if (!count) return null;
        return `${BCBV.countWords(count, "figure is", "figures are")} left out of this sum, `
            + "because fewer than 8 patients stand behind "
            + (count === 1 ? "it." : "each.");
    };
})();
