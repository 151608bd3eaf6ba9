// How a number reads: the same as scripts/publication/numbers.py. Both are held to one list of cases
// worked by hand, tests/python/number_words.json.
(function () {
    "use strict";

    const BCBV = (window.BCBV = window.BCBV || {});
    const MISSING = "–";
    const MINUS = "−";
    const MONTHS = {
        1: "April to June",
        2: "July to September",
        3: "October to December",
        4: "January to March",
    };
    const QUARTILES = { 1: "best quarter", 2: "2nd quarter", 3: "3rd quarter", 4: "last quarter" };
    const POUNDS = [["", 1, 0], ["k", 1e3, 0], ["m", 1e6, 1], ["bn", 1e9, 1]];
    const STATUSES = {
        published: "published",
        caveat: "published with a note",
        withheld: "withheld: the data failed a check",
        not_submitted: "not submitted",
        unusable: "submitted, but none of it could be used",
        not_applicable: "not applicable: no case to measure",
    };
    const SUPPRESSED = "suppressed: fewer than 8 cases, hidden to protect patients";

    const isMissing = (number) => number === null || number === undefined;

    // An amount of at least nought with separators. toFixed rounds half a unit up.
    function grouped(amount, decimals) {
        const [whole, fraction] = amount.toFixed(decimals).split(".");
        const separated = whole.replace(/\B(?=(\d{3})+$)/g, ",");
        return fraction ? `${separated}.${fraction}` : separated;
    }

    const isAnything = (text) => /[1-9]/.test(text);

    // A minus sign before what is less than nought, and still so as it reads.
    const signed = (text, number) => (number < 0 && isAnything(text) ? MINUS + text : text);

    const fixed = (number, decimals) => signed(grouped(Math.abs(number), decimals), number);

    // A value with one decimal: a proportion (1 is all) as per cent, others as they are.
    function valueText(value, unit) {
        if (isMissing(value)) return MISSING;
        return unit === "proportion" ? `${fixed(value * 100, 1)} %` : fixed(value, 1);
    }

    const countText = (count) => (isMissing(count) ? MISSING : fixed(count, 0));

    // How far an index (100: as expected) is from what was to be expected, in whole per cent.
    function indexWords(value, above, below) {
        if (isMissing(value)) return "no figure";
        const distance = grouped(Math.abs(value - 100), 0);
        if (distance === "0") return "as expected";
        return value > 100
            ? `${distance} % ${above || "above expected"}`
            : `${distance} % ${below || "below expected"}`;
    }

    function ordinal(number) {
        const teen = [11, 12, 13].includes(number % 100);
        const ending = teen ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] || "th";
        return `${grouped(number, 0)}${ending}`;
    }

    const quartileWords = (quartile) => (isMissing(quartile) ? MISSING : QUARTILES[quartile]);

    // A rank among `of`, 1 being the best, and the quarter of them that it lies in.
    function rankWords(rank, of, quartile) {
        if (isMissing(rank) || isMissing(of)) return "not ranked";
        const place = `${ordinal(rank)} of ${grouped(of, 0)}`;
        return isMissing(quartile) ? place : `${place} (${quartileWords(quartile)})`;
    }

    // Pounds for reading: £812, £796k, £1.2m, £2.2bn.
    function poundsText(gbp) {
        if (isMissing(gbp)) return MISSING;
        let text = "";
        for (const [unit, size, decimals] of POUNDS) {
            const amount = grouped(Math.abs(gbp) / size, decimals);
            text = `£${amount}${unit}`;
            // 999,500 reads £1.0m and not £1,000k.
            if (Number(amount.replaceAll(",", "")) < 1000) break;
        }
        return signed(text, gbp);
    }

    // Pounds for tables: £796,000.
    const poundsFull = (gbp) =>
        isMissing(gbp) ? MISSING : signed(`£${grouped(Math.abs(gbp), 0)}`, gbp);

    // A quarter of the NHS financial year (2007-08 Q4) with its months before it.
    function quarterWords(quarter) {
        const number = quarter.slice(-1);
        const year = Number(quarter.slice(0, 4)) + (number === "4" ? 1 : 0);
        return `${MONTHS[number]} ${year} (${quarter})`;
    }

    // Whether there is a figure, and if not why.
    function statusWords(publicationStatus, disclosureStatus) {
        if (disclosureStatus === "suppressed") return SUPPRESSED;
        const words = STATUSES[publicationStatus];
        if (!words) throw new Error(`No such status: ${publicationStatus}`);
        return words;
    }

    BCBV.words = {
        valueText, countText, indexWords, ordinal, quartileWords, rankWords, poundsText, poundsFull,
        quarterWords, statusWords,
    };
})();
