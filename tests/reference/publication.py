"""What a public release shows, from the marts that it is made of (Rulebook 10.1 to 10.5).

The marts themselves are held to the reference elsewhere, so that this starts from their rows.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from reference.engine import percentile
from reference.seeds import registry

Query = Callable[[str], list[dict]]
Key = tuple[str, str, str]

# Cases of the residents of a PCT.
RESIDENTS = ("BCBV04", "BCBV05", "BCBV06")
SMALL, COUNTS_TO, POUNDS_TO = 7, 5, 1000
BASE_QUARTER = "2006-07 Q1"
HIDDEN, SHOWN = "suppressed", "shown"
COUNTED = ("published", "caveat")
DECIMALS_OF_A_RANKED_VALUE = 10
PARTS = (
    *("performance_gbp", "benchmark_gbp", "volume_gbp", "price_and_mix_gbp"),
    *("reporting_gbp", "organisations_gbp", "scope_gbp"),
)
OF_A_CHANGE = ("opportunity_from_gbp", "opportunity_to_gbp", "change_gbp", *PARTS)
POUNDS = (
    *("opportunity_quarter_gbp", "opportunity_annual_gbp", "releasable_annual_gbp"),
    *("opportunity_annual_at_median_gbp", "opportunity_annual_at_best_decile_gbp"),
)
# What of a row of fct_indicator_values is the row's own, and gone when it is hidden.
OWN = (
    *("numerator", "denominator", "expected", "crude_value", "value"),
    *("gap", "excess_units", "unit_price_gbp"),
    *POUNDS,
    *("national_rank", "n_ranked", "quartile"),
    *("sha_rank", "sha_n_ranked", "sha_quartile"),
    *("cluster_rank", "cluster_n_ranked", "cluster_quartile"),
)


def nearest(number: float | None, step: float) -> float | None:
    """The nearest multiple of a step, halves away from nought; null of null."""
    if number is None:
        return None
    steps = round(abs(number) / step, 9)
    return math.copysign(math.floor(steps + 0.5) * step, number) if steps else 0.0


def decimals(number: float | None, places: int) -> float | None:
    """A number to so many decimals, halves away from nought."""
    rounded = nearest(number, 10.0**-places)
    return None if rounded is None else round(rounded, places)


def count(number: float | None) -> float | None:
    """A count as a release prints it."""
    return nearest(number, COUNTS_TO)


def pounds(number: float | None) -> float | None:
    """Pounds of an organisation as a release prints them."""
    return nearest(number, POUNDS_TO)


def places_of(indicator_id: str) -> int:
    """Decimals of an indicator's values."""
    return 3 if registry()[indicator_id]["unit"] == "proportion" else 1


def crude_places_of(indicator_id: str) -> int:
    """Decimals of an indicator's crude values."""
    indicator = registry()[indicator_id]
    if indicator["interval_method"] == "casemix_mean":
        return 1
    is_per_head = float(indicator["value_scale"]) == 1000 or indicator_id in RESIDENTS
    return 4 if is_per_head else 3


def is_hidden(row: dict) -> bool:
    """Whether a row of fct_indicator_values is hidden (Rulebook 10.1)."""
    counts = (registry()[row["indicator_id"]]["disclosive_counts"] or "").split(";")
    return any(_is_small(_count_of(row, name)) for name in counts if name)


def _count_of(row: dict, name: str) -> float | None:
    if name != "complement":
        return row[name]
    if None in (row["numerator"], row["denominator"]):
        return None
    return row["denominator"] - row["numerator"]


def _is_small(number: float | None) -> bool:
    return number is not None and 1 <= nearest(number, 1) <= SMALL


def key_of(row: dict) -> Key:
    """The key of a row by organisation."""
    return row["indicator_id"], row["organisation_code"], row["quarter"]


class Shown:
    """The rows of fct_indicator_values as a public release shows them, and what sums need."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.rows = query("select * from marts.fct_indicator_values")
        self.hidden = {key_of(row) for row in self.rows if is_hidden(row)}
        self.sha = {
            row["organisation_code"]: row["sha_code"]
            for row in query("select organisation_code, sha_code from marts.dim_organisation")
        }
        self.cluster = {
            row["organisation_code"]: row["cluster"]
            for row in query("select organisation_code, cluster from marts.dim_organisation")
        }

        self.telling = set(self._telling())

    @staticmethod
    def _peers(row: dict, peer_set: str, peer_code: str | None) -> tuple:
        """A peer set of an indicator, quarter and class."""
        keys = ("indicator_id", "quarter", "organisation_class")
        return (*(row[key] for key in keys), peer_set, peer_code)

    def _telling(self) -> Iterator[tuple]:
        """Peer sets with a hidden row among the ranked, of which nothing is shown (10.2)."""
        for row in self.rows:
            if key_of(row) not in self.hidden or row["national_rank"] is None:
                continue
            if row["organisation_type"] == "acute_specialist":
                yield self._peers(row, "specialist", "specialist")
            for peer_set, codes in (("sha", self.sha), ("cluster", self.cluster)):
                if row[f"{peer_set}_rank"] is not None:
                    yield self._peers(row, peer_set, codes[row["organisation_code"]])

    def values(self) -> list[dict]:
        """Rows of pub_fct_indicator_values."""
        ranks = self._ranks()
        return [self._value(row, ranks) for row in self.rows]

    def _value(self, row: dict, ranks: dict[tuple[str, Key], dict]) -> dict:
        own, places = dict(row), places_of(row["indicator_id"])
        peers = [("national", ""), ("sha", "sha_"), ("cluster", "cluster_")]
        for peer_set, prefix in peers:
            found = ranks.get((peer_set, key_of(row)), {})
            rank = "national_rank" if peer_set == "national" else f"{prefix}rank"
            own[rank] = found.get("rank")
            own[f"{prefix}quartile"] = found.get("quartile")
            if peer_set != "national":
                own[f"{prefix}n_ranked"] = found.get("n")
        own["n_ranked"] = ranks[("sizes", self._group(row))]["n"]
        own |= {name: count(row[name]) for name in ("numerator", "denominator")}
        own["expected"] = decimals(row["expected"], 1)
        own |= {name: decimals(row[name], places) for name in ("value", "gap", "benchmark_value")}
        own["crude_value"] = decimals(row["crude_value"], crude_places_of(row["indicator_id"]))
        for peer_set, codes in (("sha", self.sha), ("cluster", self.cluster)):
            name = f"{peer_set}_benchmark_value"
            where = self._peers(row, peer_set, codes[row["organisation_code"]])
            own[name] = None if where in self.telling else decimals(row[name], places)
        own["excess_units"] = decimals(row["excess_units"], 1)
        own["unit_price_gbp"] = decimals(row["unit_price_gbp"], 2)
        own |= {name: pounds(row[name]) for name in POUNDS}
        is_shown = key_of(row) not in self.hidden
        if not is_shown:
            own |= dict.fromkeys(OWN)
        return own | {"disclosure_status": SHOWN if is_shown else HIDDEN}

    def _group(self, row: dict) -> tuple:
        is_specialist = row["organisation_type"] == "acute_specialist"
        return row["indicator_id"], row["quarter"], row["organisation_class"], is_specialist

    def _ranks(self) -> dict[tuple, dict]:
        """Ranks and quartiles over the shown rows, by peer set and key; sizes by group."""
        groups: dict[tuple, list[dict]] = defaultdict(list)
        sizes = {("sizes", self._group(row)): {"n": 0} for row in self.rows}
        for row in self.rows:
            if row["national_rank"] is None or key_of(row) in self.hidden:
                continue
            sizes["sizes", self._group(row)]["n"] += 1
            groups["national", *self._group(row)].append(row)
            for peer_set, codes in (("sha", self.sha), ("cluster", self.cluster)):
                if row[f"{peer_set}_rank"] is not None:
                    group = self._group(row)
                    groups[peer_set, *group, codes[row["organisation_code"]]].append(row)
        found: dict[tuple, dict] = dict(sizes)
        for (peer_set, indicator_id, *_), rows in groups.items():
            sign = -1 if registry()[indicator_id]["direction"] == "higher" else 1
            scores = [sign * round(row["value"], DECIMALS_OF_A_RANKED_VALUE) for row in rows]
            bounds = [
                round(percentile(scores, share), DECIMALS_OF_A_RANKED_VALUE)
                for share in (0.25, 0.5, 0.75)
            ]
            for row, score in zip(rows, scores, strict=True):
                found[peer_set, key_of(row)] = {
                    "rank": 1 + sum(other < score for other in scores),
                    "quartile": 1 + sum(score > bound for bound in bounds),
                    "n": len(rows),
                }
        return found

    def thresholds(self) -> list[dict]:
        """Rows of pub_fct_quartile_thresholds: the warehouse's, rounded."""
        names = ("p10", "p25", "median", "p75", "p90", "best_quartile_threshold")
        found = []
        for row in self.query("select * from marts.fct_quartile_thresholds"):
            where = self._peers(row, row["peer_set"], row["peer_code"])
            places = places_of(row["indicator_id"])
            shown = {name: decimals(row[name], places) for name in names}
            found.append(row | (dict.fromkeys(names) if where in self.telling else shown))
        return found


def is_in_total(indicator_id: str, quarter: str) -> bool:
    """Whether an indicator counts in the published total of a quarter (Rulebook 4.6)."""
    start = registry()[indicator_id]["published_from_quarter"]
    return registry()[indicator_id]["in_published_total"] == "true" and (
        start is None or quarter >= start
    )


def counts_for_areas(indicator_id: str, organisation_class: str) -> bool:
    """Whether areas add an indicator of a class up (Rulebook 2.3)."""
    return registry()[indicator_id]["area_class"] == organisation_class


def areas_of(code: str, sha: str | None, counts: bool) -> Iterator[tuple[str, str]]:
    """Levels and codes of the areas that an organisation's amounts are added to."""
    yield "organisation", code
    if counts and sha is not None:
        yield "sha", sha
    if counts:
        yield "england", "england"


def total(amounts: Iterable[float | None]) -> float | None:
    """The sum of what is given; null of nothing."""
    given = [amount for amount in amounts if amount is not None]
    return sum(given) if given else None


def opportunities(shown: Shown) -> list[dict]:
    """Rows of pub_fct_opportunity, without the activity adjusted amounts of totals' parts.

    Organisations' adjusted amounts are taken from the mart.
    """
    adjusted = {
        (row["indicator_id"], row["area_code"], row["quarter"]): pounds(
            row["opportunity_annual_activity_adjusted_gbp"]
        )
        for row in shown.query(
            "select * from marts.fct_opportunity where area_level = 'organisation'"
        )
    }
    bases: dict[tuple[str, str], Key] = {}
    for row in sorted(shown.rows, key=lambda row: row["quarter"]):
        if row["opportunity_annual_gbp"] is not None and row["quarter"] >= BASE_QUARTER:
            bases.setdefault(key_of(row)[:2], key_of(row))
    names = (
        *POUNDS,
        "opportunity_annual_unflagged_gbp",
        "opportunity_annual_activity_adjusted_gbp",
    )
    lines = []
    for row in shown.rows:
        is_shown = key_of(row) not in shown.hidden
        own = {name: pounds(row[name]) if is_shown else None for name in POUNDS}
        own["opportunity_annual_unflagged_gbp"] = (
            own["opportunity_annual_gbp"] if row["publication_status"] == "published" else None
        )
        own["opportunity_annual_activity_adjusted_gbp"] = (
            adjusted.get(key_of(row))
            if is_shown and bases.get(key_of(row)[:2]) not in shown.hidden
            else None
        )
        lines.append(
            (row["indicator_id"], row, own, is_shown, row["opportunity_annual_gbp"] is not None)
        )
    with_pounds = {(i, row["quarter"]) for i, row, _, _, has in lines if has}
    lines = [line for line in lines if (line[0], line[1]["quarter"]) in with_pounds]
    return list(_added_up(shown, lines, names))


def _added_up(shown: Shown, lines: list[tuple], names: tuple[str, ...]) -> Iterator[dict]:
    cells: dict[tuple, list[tuple]] = defaultdict(list)
    for indicator_id, row, own, is_shown, has in lines:
        code, quarter = row["organisation_code"], row["quarter"]
        counts = counts_for_areas(indicator_id, row["organisation_class"])
        for level, area in areas_of(code, shown.sha[code], counts):
            cells[indicator_id, level, area, quarter].append((row, own, is_shown, has))
            if is_in_total(indicator_id, quarter):
                cells["ALL", level, area, quarter].append((row, own, is_shown, has))
    for (indicator_id, level, area, quarter), parts in cells.items():
        sums = {name: total(own[name] for _, own, _, _ in parts) for name in names}
        about = {
            "n_organisations": len(
                {row["organisation_code"] for row, _, ok, has in parts if ok and has}
            ),
            "n_flagged": len(
                {
                    row["organisation_code"]
                    for row, _, ok, has in parts
                    if ok and has and row["publication_status"] in ("withheld", "caveat")
                }
            ),
        }
        key = {"area_level": level, "area_code": area, "quarter": quarter}
        yield {"indicator_id": indicator_id} | key | sums | about
        if indicator_id == "ALL":
            twice = _counted_twice(parts, names)
            netted = {
                name: None if sums[name] is None else sums[name] - twice[name] for name in names
            }
            yield {"indicator_id": "ALL_NETTED"} | key | netted | about


def _counted_twice(parts: list[tuple], names: tuple[str, ...]) -> dict[str, float]:
    """Of each organisation the smaller of the two of which one is counted within the other."""
    by_code: dict[str, dict[str, dict]] = defaultdict(dict)
    for row, own, _, _ in parts:
        by_code[row["organisation_code"]][row["indicator_id"]] = own
    found = dict.fromkeys(names, 0.0)
    for own in by_code.values():
        for indicator_id, amounts in own.items():
            whole = own.get(registry()[indicator_id]["counted_within"] or "")
            if whole is not None:
                for name in names:
                    found[name] += min(amounts[name] or 0.0, whole[name] or 0.0)
    return found


def area_values(shown: Shown) -> list[dict]:
    """Rows of pub_fct_area_values; 03's value, which needs the reference's rate, is left out."""
    cells: dict[tuple, list[dict]] = defaultdict(list)
    for row in shown.values():
        sha = shown.sha[row["organisation_code"]]
        levels = [("england", "england")] + ([("sha", sha)] if sha is not None else [])
        for level, area in levels:
            key = row["indicator_id"], row["organisation_class"], level, area, row["quarter"]
            cells[key].append(row)
    found = []
    for (indicator_id, kind, level, area, quarter), rows in cells.items():
        counted = [
            row
            for row in rows
            if row["publication_status"] in COUNTED and row["disclosure_status"] == SHOWN
        ]
        sums = {
            name: total(row[name] for row in counted)
            for name in ("numerator", "denominator", "expected")
        }
        indicator, places = registry()[indicator_id], places_of(indicator_id)
        scale = float(indicator["value_scale"])
        crude = _ratio(sums["numerator"], sums["denominator"])
        base = crude
        if indicator["is_standardised"] == "true":
            base = _ratio(sums["numerator"], sums["expected"])
        values = [row["value"] for row in counted if row["value"] is not None]
        line = {
            "indicator_id": indicator_id,
            "organisation_class": kind,
            "area_level": level,
            "area_code": area,
            "quarter": quarter,
            **sums,
            "crude_value": decimals(crude, crude_places_of(indicator_id)),
            "simple_mean": decimals(sum(values) / len(values), places) if values else None,
            "n_organisations": len(counted),
        }
        if indicator_id != "BCBV03":
            line["value"] = None if base is None else decimals(scale * base, places)
        found.append(line)
    return found


def _ratio(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below else None


def changes(shown: Shown) -> list[dict]:
    """Rows of pub_fct_opportunity_change of single indicators (not of ALL)."""
    classes = {key_of(row): row["organisation_class"] for row in shown.rows}
    cells: dict[tuple, list[dict]] = defaultdict(list)
    for row in shown.query(
        "select * from marts.fct_opportunity_change"
        " where area_level = 'organisation' and indicator_id <> 'ALL'"
    ):
        indicator_id, code = row["indicator_id"], row["area_code"]
        ends = [(indicator_id, code, row[q]) for q in ("from_quarter", "quarter")]
        is_hidden_end = any(end in shown.hidden for end in ends)
        kind = next(classes[end] for end in ends if end in classes)
        counts = counts_for_areas(indicator_id, kind)
        rounded = dict.fromkeys(OF_A_CHANGE) if is_hidden_end else _rounded_change(row)
        for level, area in areas_of(code, shown.sha[code], counts):
            key = indicator_id, level, area, row["quarter"], row["comparison"]
            cells[key].append(rounded)
    found = []
    for (indicator_id, level, area, quarter, comparison), rows in cells.items():
        found.append(
            {
                "indicator_id": indicator_id,
                "area_level": level,
                "area_code": area,
                "quarter": quarter,
                "comparison": comparison,
                **{name: total(row[name] for row in rows) for name in OF_A_CHANGE},
            }
        )
    return found


def _rounded_change(row: dict) -> dict:
    """Levels are rounded, and parts are what lies between them."""
    start, end = pounds(row["opportunity_from_gbp"]), pounds(row["opportunity_to_gbp"])
    found = {"opportunity_from_gbp": start, "opportunity_to_gbp": end}
    level, before = row["opportunity_from_gbp"] or 0.0, start or 0.0
    for part in PARTS:
        level += row[part]
        found[part] = pounds(level) - before
        before = pounds(level)
    return found | {"change_gbp": (end or 0.0) - (start or 0.0)}


def drilldown_faults(shown: Shown, published: list[dict]) -> Iterator[str]:
    """What is wrong with rows of pub_drilldown, whoever was pooled (Rulebook 10.5)."""
    parts: dict[tuple, dict[str, dict]] = defaultdict(dict)
    for row in shown.query("select * from marts.drilldown"):
        parts[(*key_of(row), row["dimension"])][row["member"]] = row
    tables: dict[tuple, dict[str, dict]] = defaultdict(dict)
    for row in published:
        tables[(*key_of(row), row["dimension"])][row["member"]] = row
    for key, table in tables.items():
        if key[:3] in shown.hidden:
            yield f"{key}: parts of a hidden row"
        members = parts[key]
        for member in table.keys() - {"other"}:
            if _has_small_count(members[member]):
                yield f"{key} {member}: a small part is shown"
            yield from _differing(key, table[member], members[member])
        pooled = [row for member, row in members.items() if member not in table]
        if "other" not in table:
            if pooled:
                yield f"{key}: {len(pooled)} parts are missing"
            continue
        whole = {name: total(row[name] for row in pooled) for name in ("n_cases", "observed")}
        if len(pooled) < 2 or whole["n_cases"] <= SMALL:
            yield f"{key}: other is {len(pooled)} parts with {whole['n_cases']} cases"
        yield from _differing(key, table["other"], whole)


def _has_small_count(part: dict) -> bool:
    """Whether a part may not stand alone; money, staff and prescribing always may."""
    counts = (registry()[part["indicator_id"]]["disclosive_counts"] or "").split(";")
    if counts == [""]:
        return False
    told = {"numerator": part["observed"], "denominator": part["n_cases"]}
    told["complement"] = part["n_cases"] - part["observed"]
    return part["n_cases"] <= SMALL or any(_is_small(told[name]) for name in counts)


def _differing(key: tuple, shown: dict, part: dict) -> Iterator[str]:
    for name in ("n_cases", "observed"):
        if shown[name] != count(part[name]):
            yield f"{key} {shown['member']} {name}: {part[name]} is shown as {shown[name]}"
