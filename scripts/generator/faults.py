"""The faults that can be put into extracts, by the rule of the catalogue that finds each.

What is done to the rows stands in `spoiling`; here is what is said of it, which --help needs.
"""

from dataclasses import dataclass

# Not a fault of the list: what trusts record badly in extracts without any fault, too.
USUAL = "usual"
USUAL_WHAT = (
    "what extracts have without this option: the records lost at the changeover to the Secondary"
    " Uses Service (V01), casemix, operation dates and diagnoses that a few trusts code badly (A11,"
    " A13, A12), outcomes and sources that a few do not record (O02, O03, O04), sickness absence"
    " not yet recorded (W01), invoices paid in time beyond those paid (F01). Not in faults.json;"
    " with faults, but without this one, none of it is there"
)


@dataclass(frozen=True)
class Fault:
    """A fault of one organisation's rows of a feed in a quarter."""

    rule_id: str
    feed: str
    # The least that becomes of it: amber, red or quarantined.
    outcome: str
    # What is done, as a sentence.
    what: str
    # Whose rows: those of a trust or of a PCT.
    sender: str = "trust"
    # Whether the rows of PCTs change visibly too. Such faults go to trusts that are a small part of
    # each of their PCTs.
    bears_on_pcts: bool = False
    # Quarters before it without which the rule is not evaluated.
    earlier_quarters: int = 0


FAULTS = (
    Fault("A12", "hes_apc", "red", "The primary diagnosis of a sixth of the episodes is R69X.",
          bears_on_pcts=True),
    Fault("V01", "hes_apc", "red", "Half of the spells are not sent.",
          bears_on_pcts=True, earlier_quarters=4),
    Fault("V01", "hes_op", "red", "Half of the appointments are not sent.",
          bears_on_pcts=True, earlier_quarters=4),
    Fault("V02", "hes_apc", "red",
          "Two fifths more spells than there were, and 6 % of the episodes twice.",
          bears_on_pcts=True, earlier_quarters=4),
    Fault("V02", "hes_op", "red",
          "Two fifths more appointments than there were, and 6 % of them twice.",
          bears_on_pcts=True, earlier_quarters=4),
    Fault("A16", "hes_apc", "amber", "The sex in 4 % of the rows is 9.", bears_on_pcts=True),
    Fault("A16", "hes_op", "amber", "The age in 4 % of the rows is missing.", bears_on_pcts=True),
    Fault("A17", "hes_apc", "amber", "A twelfth of the rows name no PCT.", bears_on_pcts=True),
    Fault("A17", "hes_op", "amber", "A twelfth of the rows name no PCT.", bears_on_pcts=True),
    Fault("O02", "hes_op", "red", "Of a seventh of the appointments ATTENDED is 9.",
          bears_on_pcts=True),
    Fault("O03", "hes_op", "red", "Of a tenth of the appointments FIRSTATT is 9.",
          bears_on_pcts=True),
    Fault("O04", "hes_op", "red", "Of a sixth of the appointments REFSOURC is 99.",
          bears_on_pcts=True),
    Fault("A05", "hes_apc", "amber", "In 3 % of the episodes the start lies before the admission.",
          bears_on_pcts=True),
    Fault("A06", "hes_apc", "quarantined", "3 % of the discharges lie after the extract.",
          bears_on_pcts=True),
    Fault("A03", "hes_apc", "amber", "4 % of the episodes bear the identifier of another.",
          bears_on_pcts=True),
    Fault("A01", "hes_apc", "amber", "8 % of the episodes come again under another sender code."),
    Fault("A04", "hes_apc", "amber", "The operation date of a tenth of the rows is 1801-01-01."),
    Fault("A07", "hes_apc", "amber", "The admission date of 6 % of the first episodes is missing."),
    Fault("A08", "hes_apc", "amber", "A tenth more rows, of episodes that are not finished."),
    Fault("A09", "hes_apc", "amber", "6 % of the ordinary spells began 900 days earlier."),
    Fault("A10", "hes_apc", "amber", "Two fifths of the day cases stayed for two nights."),
    Fault("A11", "hes_apc", "red", "The HRG of two fifths of the episodes is UZ01Z."),
    Fault("A13", "hes_apc", "red", "The date of half of the operations is missing."),
    Fault("A14", "hes_apc", "amber", "The consultant of a seventh of the rows is C9999998."),
    Fault("A15", "hes_apc", "amber", "The treatment function of a twelfth of the rows is &."),
    Fault("A15", "hes_op", "amber", "The treatment function of a twelfth of the rows is missing."),
    Fault("O01", "hes_op", "amber", "6 % of the appointments come again under another key."),
    Fault("V03", "hes_apc", "amber", "A second sender has three rows of each month again."),
    Fault("V03", "hes_op", "amber", "A second sender has three rows of each month again."),
    Fault("ORG", "hes_apc", "quarantined", "A few rows more, of a provider ZZ8 that nobody knows."),
    Fault("U01", "finance", "red", "Total pay of a month reads 'tbc'."),
    Fault("U01", "esr_absence", "amber", "The days lost of one row read 'tbc'."),
    Fault("W01", "esr_absence", "red", "A seventh of the days lost to sickness are recorded."),
    Fault("W02", "esr_absence", "red", "The second month is missing."),
    Fault("W03", "esr_absence", "red", "More days are lost than available, in one row."),
    Fault("T01", "esr_absence", "quarantined", "Totals of all staff stand beside their parts."),
    Fault("D01", "esr_absence", "amber", "Four rows stand in the file twice."),
    Fault("D01", "finance", "amber", "A row stands in the file twice."),
    Fault("D02", "esr_absence", "red", "A staff group's month stands twice, with other figures."),
    Fault("D02", "finance", "red", "A month stands twice, with other figures."),
    Fault("R01", "nhse_sickness", "red",
          "The return is the published format, in which a month's rate is not that of its days."),
    Fault("J01", "finance", "red", "Pay is five times what it was.", earlier_quarters=1),
    Fault("S01", "finance", "red", "Pounds are sent in thousands, which is a jump (J01) as well."),
    Fault("C01", "finance", "amber", "The second month is missing.", earlier_quarters=1),
    Fault("F01", "bppc", "amber", "More invoices are paid in time than paid, in one row."),
    Fault("V03", "procurement", "red", "A second sender has all rows again."),
    Fault("ORG", "procurement", "quarantined", "A row more, of an organisation ZZ9 nobody knows."),
    Fault("P02", "epact", "amber", "The quantity of an eighth of the rows is 0.", "pct"),
    Fault("U01", "epact", "amber", "The net ingredient cost of 3 % of rows reads 'tbc'.", "pct"),
    Fault("C01", "epact", "amber", "The second month is missing, which is C02 as well.", "pct"),
    Fault("C02", "epact", "red", "The second month is missing, which is C01 as well.", "pct"),
    Fault("J01", "epact", "red", "Items are five times what they were.", "pct",
          earlier_quarters=1),
    Fault("N01", "population", "red", "Nobody is 40 to 44 years old, all through the year.", "pct"),
)  # fmt: skip

NAMES = tuple(sorted({fault.rule_id for fault in FAULTS}))


def chosen(text: str) -> tuple[str, ...]:
    """The names in a text with commas, `all` being every rule; ValueError for one there is not."""
    names = dict.fromkeys(text.split(","))
    unknown = [name for name in names if name not in (*NAMES, "all", USUAL)]
    if unknown:
        raise ValueError(
            f"no such fault: {', '.join(unknown)}; there are all, {USUAL}, {', '.join(NAMES)}"
        )
    every = NAMES if "all" in names else ()
    return tuple(dict.fromkeys([*every, *(name for name in names if name != "all")]))


def told() -> str:
    """The faults for --help: a line a rule, feed and outcome."""
    lines = [
        f"  {fault.rule_id:4} {fault.feed:14}{fault.outcome:12} {fault.what}"
        for fault in sorted(FAULTS, key=lambda fault: (fault.rule_id, fault.feed))
    ]
    return "\n".join(lines)
