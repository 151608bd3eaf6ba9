"""scripts/generate_extracts.py: what it promises about its files."""

import csv
import gzip
import hashlib
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import generate_extracts
import numpy as np
import pytest

from generator.admissions import PARAMETERS, Activity
from generator.casemix import Casemix
from generator.england import OPENING_QUARTER, England
from generator.randomness import even_scores, normal_scores, stream
from warehouse.containers import Member
from warehouse.contracts import feeds
from warehouse.headers import header_of_names
from warehouse.landing import stems
from warehouse.naming import declared, period_bounds

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
ALL_FEEDS = tuple(generate_extracts.WRITERS)
NO_OPTIONS = {"feed": None, "period": None, "extract_date": None, "sender": None}


def generate(out: Path, *options: str, scale: float = 0.001, seed: int = 1) -> dict[str, Path]:
    """Run the command in this process; the files by name."""
    arguments = ["--scale", str(scale), "--seed", str(seed), "--out", str(out), *options]
    if "--quarters" not in options:
        arguments += ["--quarters", "1"]
    assert generate_extracts.main(arguments) == 0
    return {path.name: path for path in sorted(out.iterdir())}


def digests(files: dict[str, Path]) -> dict[str, str]:
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def rows(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    delimiter = "|" if ".psv" in path.suffixes else ","
    with opened(path, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text, delimiter=delimiter))


def only(files: dict[str, Path], feed: str) -> list[dict[str, str]]:
    [path] = [path for name, path in files.items() if name.startswith(f"{feed}__")]
    return rows(path)


@pytest.fixture(scope="module")
def extracts(tmp_path_factory) -> dict[str, Path]:
    """One quarter of every feed."""
    return generate(tmp_path_factory.mktemp("extracts"))


def test_same_arguments_same_bytes(extracts, tmp_path):
    """In another process, so that nothing hangs on hash seeds or on what ran before."""
    command = [sys.executable, str(SCRIPTS / "generate_extracts.py")]
    command += ["--scale", "0.001", "--quarters", "1", "--seed", "1", "--out", str(tmp_path)]
    subprocess.run(command, check=True, cwd=tmp_path)
    again = {path.name: path for path in tmp_path.iterdir()}
    assert digests(again) == digests(extracts)


def test_another_seed_gives_other_bytes(extracts, tmp_path):
    other = digests(generate(tmp_path, seed=2))
    first = digests(extracts)
    assert other.keys() == first.keys()
    assert not set(other.values()) & set(first.values())


def test_a_file_does_not_depend_on_other_quarters_and_feeds(tmp_path):
    many = digests(generate(tmp_path / "many", "--quarters", "3"))
    for feed in ("hes_apc", "hes_op", "epact", "esr_movement", "finance"):
        options = ("--first-quarter", "2006-07q3", "--feeds", feed)
        one = digests(generate(tmp_path / feed, *options))
        assert one and one.items() <= many.items()


def test_volume_follows_scale(tmp_path):
    small = generate(tmp_path / "small", "--feeds", "hes_apc,population", scale=0.001)
    large = generate(tmp_path / "large", "--feeds", "hes_apc,population", scale=0.003)
    episodes = len(only(large, "hes_apc")) / len(only(small, "hes_apc"))
    assert episodes == pytest.approx(3, rel=0.1)
    # England has 3.5 million episodes a quarter.
    assert len(only(large, "hes_apc")) == pytest.approx(3_500_000 * 0.003, rel=0.1)
    people = sum(float(row["population"]) for row in only(large, "population"))
    assert people == pytest.approx(50.8e6 * 0.003, rel=0.01)


def test_all_feeds_are_made_by_default(extracts):
    assert sorted(name.split("__")[0] for name in extracts) == sorted(ALL_FEEDS)


@pytest.fixture(scope="module")
def casemix() -> Casemix:
    return Casemix()


def test_national_volumes_are_those_published(casemix):
    """Emergency admissions, those for 19 conditions (2005/6), and the day-case rate of 2006."""
    scale = 0.05
    spells = Activity(England(1, scale), casemix).spells(OPENING_QUARTER)
    case_type = spells["case_type"].to_numpy()
    yearly = 4 / scale
    is_emergency = casemix.positions("admission", "emergency")[case_type]
    assert is_emergency.sum() * yearly == pytest.approx(4_659_000, rel=0.02)
    assert casemix.in_group("acsc")[case_type].sum() * yearly == pytest.approx(665_000, rel=0.05)
    basket = spells.loc[casemix.in_group("basket")[case_type], "is_day_case"]
    assert basket.mean() == pytest.approx(0.702, abs=0.015)


@pytest.mark.parametrize("seed", [1, 2])
def test_trusts_stand_where_the_parameters_say(casemix, seed):
    """None beyond the bound; the known trust at its place, evened out as it is large."""
    activity = Activity(England(seed, 1), casemix)
    sizes, trusts = activity.england.trust_size, activity.england.trusts.index
    for scores in (activity.stay_scores, activity.wait_scores):
        assert abs(scores).max() <= PARAMETERS.furthest_score
        for code, known in PARAMETERS.known_scores:
            place = trusts.get_loc(code)
            size = sizes[place] / sizes[~activity.england.is_specialist].mean()
            assert scores[place] == pytest.approx(known / size**PARAMETERS.evening_out, rel=0.05)


@pytest.mark.parametrize("count", [152, 153])
def test_even_scores_are_much_the_same_at_every_size(count):
    sizes = np.random.default_rng(7).lognormal(size=count)
    scores = even_scores(stream(1, "scores"), sizes)
    assert sorted(scores) == sorted(normal_scores(stream(1, "scores"), count))
    largest = scores[np.argsort(sizes)[count // 2 :]]
    assert abs(largest.mean()) < 0.05


def test_outpatients_are_what_the_indicators_need(tmp_path):
    """Sources of referral, missed appointments, and the shares that indicators leave out."""
    records = only(generate(tmp_path, "--feeds", "hes_op", scale=0.002), "hes_op")

    def share(column: str, values: set[str], among: list[dict[str, str]] = records) -> float:
        return sum(row[column] in values for row in among) / len(among)

    firsts = [row for row in records if row["FIRSTATT"] in {"1", "3"}]
    due = [row for row in records if row["ATTENDED"] in {"3", "5", "6", "7"}]
    assert share("REFSOURC", {"03"}, firsts) == pytest.approx(0.64, abs=0.03)
    assert share("ATTENDED", {"3", "7"}, due) == pytest.approx(0.117, abs=0.01)
    assert share("STAFFTYP", {"03", "04"}) == pytest.approx(0.06, abs=0.01)
    assert share("STAFFTYP", {"99"}) == pytest.approx(0.03, abs=0.01)
    assert share("ADMINCAT", {"02"}) == pytest.approx(0.006, abs=0.003)
    assert share("TRETSPEF", {"715"}) == pytest.approx(0.01, abs=0.005)
    assert share("TRETSPEF", {"501", "560"}) == pytest.approx(0.08, abs=0.01)


@pytest.mark.parametrize("feed", ALL_FEEDS)
def test_names_say_what_the_file_is(extracts, feed):
    [path] = [path for name, path in extracts.items() if name.startswith(f"{feed}__")]
    said = declared(stems(Member(path)), NO_OPTIONS)
    assert said.feed == feed
    assert said.extract_date == date(2006, 8, 22)
    # By which a submission is known to be made up.
    assert said.sender == "synthetic"


@pytest.mark.parametrize("feed", ALL_FEEDS)
def test_columns_keep_the_contract(extracts, feed):
    found = [name.lower() for name in only(extracts, feed)[0]]
    assert not feeds()[feed].missing(found)
    assert not set(found) - set(feeds()[feed].names)


@pytest.mark.parametrize("feed", ALL_FEEDS)
def test_values_keep_the_contract(extracts, feed):
    contract, records = feeds()[feed], only(extracts, feed)
    for column in contract.columns:
        name = column.name.upper() if column.name.upper() in records[0] else column.name
        values = [record.get(name, "") for record in records]
        if column.required:
            nulls = values.count("") / len(values)
            assert nulls <= (1 if column.max_null_share is None else column.max_null_share)
        if column.accepted_values:
            assert {value.upper() for value in values} - {""} <= set(column.accepted_values)


@pytest.mark.parametrize("feed", ALL_FEEDS)
def test_record_keys_are_unique(extracts, feed):
    records = [
        {name.lower(): value for name, value in record.items()} for record in only(extracts, feed)
    ]
    keys = Counter(tuple(r.get(name) for name in feeds()[feed].record_key) for r in records)
    assert keys.most_common(1)[0][1] == 1


def test_episodes_lie_in_the_quarter_and_before_the_extract(extracts):
    first, last = (str(day) for day in period_bounds("fy2006-07q1"))
    for row in only(extracts, "hes_apc"):
        assert first <= (row["EPIEND"] or row["EPISTART"]) <= last
        assert row["EPISTART"] <= (row["EPIEND"] or "9999")
        assert row["DISDATE"] in ("", row["EPIEND"])
        assert row["SUBDATE"] <= "2006-08-22"


def test_spells_hold_together(tmp_path):
    """Episodes of a spell follow on one another; only the last has a discharge date."""
    files = generate(tmp_path, "--quarters", "3", "--feeds", "hes_apc", scale=0.0005)
    spells: dict[str, list[dict[str, str]]] = {}
    for path in files.values():
        for row in rows(path):
            if row["EPISTAT"] == "3" and row["SENDER"].endswith("00"):
                spells.setdefault(row["PROVSPNOPS"], []).append(row)
    several = [sorted(s, key=lambda row: int(row["EPIORDER"])) for s in spells.values()]
    several = [s for s in several if len(s) > 1 and s[0]["EPIORDER"] == "1"]
    assert several
    for spell in several:
        assert [row["EPISTART"] for row in spell[1:]] == [row["EPIEND"] for row in spell[:-1]]
        assert not any(row["DISDATE"] for row in spell[:-1])
        assert sum(row["OPERTN_4_01"] != "-" for row in spell) <= 1


def test_duplicates_come_under_another_sender(extracts):
    key = ("PROVSPNOPS", "EPIORDER", "EPISTAT")
    records = only(extracts, "hes_apc")
    counts = Counter(tuple(row[name] for name in key) for row in records)
    repeated = [row for row in records if counts[tuple(row[name] for name in key)] > 1]
    assert 0 < len(repeated) < 0.02 * len(records)
    assert {row["SENDER"][-2:] for row in repeated} == {"00", "01"}


def test_merged_trusts_report_under_the_code_of_the_day(tmp_path):
    """RJ5 and RQN became RYJ on 1 October 2007."""
    options = ("--feeds", "hes_apc,esr_absence", "--quarters", "2")
    files = generate(tmp_path, "--first-quarter", "2007-08q2", *options)
    for feed, column in (("hes_apc", "PROCODE3"), ("esr_absence", "org_code")):
        before, after = (
            {row[column] for row in rows(path)}
            for name, path in files.items()
            if name.startswith(feed)
        )
        assert {"RJ5", "RQN"} <= before and "RYJ" not in before
        assert "RYJ" in after and not {"RJ5", "RQN"} & after


def test_published_statin_anchors(extracts):
    """60.7 % and 68.7 % are the published mean and upper quartile of 2006-07 Q1."""
    items: dict[str, list[int]] = {}
    for row in only(extracts, "epact"):
        if row["bnf_code"].startswith("0212000"):
            counts = items.setdefault(row["pct_code"], [0, 0])
            counts[0] += int(row["items"]) * row["bnf_code"].startswith(("0212000Y0", "0212000X0"))
            counts[1] += int(row["items"])
    shares = sorted(low / total for low, total in items.values())
    assert sum(shares) / len(shares) == pytest.approx(0.607, abs=0.005)
    assert shares[len(shares) * 3 // 4] == pytest.approx(0.687, abs=0.01)
    enough = sum(total >= 1000 for _, total in items.values())
    assert enough >= 0.95 * len(items), "most PCTs clear the least denominator"


@pytest.mark.parametrize(
    "options, reason",
    [
        (["--scale", "2"], "not above 0"),
        (["--scale", "much"], "invalid"),
        (["--quarters", "0"], "not at least 1"),
        (["--seed", "-1"], "whole number"),
        (["--feeds", "hes_apc,beds"], "no such feed: beds"),
        (["--first-quarter", "2006-08q1"], "no quarter"),
        (["--first-quarter", "2005-06q4"], "before 2006-07q1"),
    ],
)
def test_wrong_arguments_are_named(tmp_path, capsys, options, reason):
    usual = ["--scale", "0.001", "--quarters", "1", "--seed", "1", "--out", str(tmp_path)]
    with pytest.raises(SystemExit) as ended:
        generate_extracts.main(usual + options)
    assert ended.value.code == 2
    assert reason in capsys.readouterr().err


def test_missing_seed_is_named(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("generator.england.REFERENCE", tmp_path)
    arguments = ["--scale", "0.001", "--quarters", "1", "--seed", "1", "--out", str(tmp_path)]
    assert generate_extracts.main(arguments) == 1
    assert f"{tmp_path / 'organisations.csv'}: no such seed" in capsys.readouterr().err


def test_epd_is_made_on_request_in_the_published_layout(tmp_path):
    options = ("--feeds", "epd", "--first-quarter", "2025-26q2", "--lines", "20000")
    files = generate(tmp_path / "a", *options)
    assert list(files) == ["epd__m2025-07__2025-11-22__synthetic.csv"]
    assert digests(files) == digests(generate(tmp_path / "b", *options))
    lines = only(files, "epd")
    assert len(lines) == 20_000 and len(lines[0]) == 27
    keys = {(row["PRACTICE_CODE"], row["BNF_PRESENTATION_CODE"], row["QUANTITY"]) for row in lines}
    assert len(keys) == 20_000
    header = header_of_names(list(lines[0]), None)
    assert header.feed.name == "epd" and "snomed_code" in header.columns
