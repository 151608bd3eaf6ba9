"""One file into landing and lake, whole or not at all."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from warehouse import data_docs, tables
from warehouse.containers import EXTENSIONS, Member, extension, name_inside
from warehouse.contracts import Feed, Refused, feeds
from warehouse.expectations import Counts, Judge, Verdict, checks
from warehouse.files import only_one, sync
from warehouse.findings import Findings, findings
from warehouse.headers import DELIMITERS
from warehouse.home import Home, literal, pattern
from warehouse.inference import Period, infer_period
from warehouse.known import KnownCodes
from warehouse.limits import FIRST_YEAR, MAX_REJECT_CHARACTERS
from warehouse.naming import Declaration, Submission, declared, period_bounds
from warehouse.parquet import faults_refused
from warehouse.profile import repeated_keys, write_profile
from warehouse.reading import Received, header_of, receive
from warehouse.received import not_a_file
from warehouse.refusals import refuse_malformed, refuse_unusable
from warehouse.successions import refuse_cycle, reject_what_cannot_be_followed
from warehouse.words import shown

Tick = Callable[[int], object]


@dataclass(frozen=True)
class Landed:
    """What became of one file: its row in the manifest, whether it was there before, what to say.

    `found` is None where it was there before.
    """

    entry: Mapping
    already: bool
    found: Findings | None = None
    # What the sender should look at, a line each.
    warnings: tuple[str, ...] = ()
    # Which submissions it takes the place of, or leaves in theirs; empty where of none.
    replaces: tuple[str, ...] = ()


def lock(home: Home) -> AbstractContextManager[None]:
    """Only one ingest at a time works in a home."""
    return only_one(home.lake / ".ingest.lock", "ingest")


class Landing:
    """Lands files in one home. Use it under the home's lock, with an engine of its own."""

    def __init__(self, home: Home, engine: duckdb.DuckDBPyConnection):
        self._home = home
        self._engine = engine
        home.scratch.mkdir(parents=True, exist_ok=True)
        for work in home.scratch.iterdir():
            self._remove_work(work)
        self.manifest = self._read_manifest()
        self._by_checksum: dict[str, list[dict]] = {}
        for entry in self.manifest.values():
            self._by_checksum.setdefault(entry["checksum_sha256"], []).append(entry)
        self._known: KnownCodes | None = None

    @cached_property
    def _judge(self) -> Judge:
        return Judge()

    def land(self, member: Member, options: Mapping[str, str | None], tick: Tick) -> Landed:
        """Check a file, or an archive's entry, and land it, unless it has landed before.

        `options` as in naming.declared. `tick` is told of the file's bytes four times over, as they
        are looked at, read, written and profiled. Raises Refused with the reason, and then nothing
        has changed.
        """
        if problem := not_a_file(member.path):
            raise Refused(problem)
        said = declared(stems(member), options)
        work = self._home.scratch / "incoming"
        work.mkdir()
        try:
            received = receive(self._engine, member, said.feed, work, tick)
            if known := self._landed_before(said, received.checksum):
                return Landed(known, already=True)
            try:
                landed = self._prepare(member, said, received, work, tick)
            except (duckdb.InvalidInputException, tables.Disagreed):
                # The engine does not read what was left to it as the rulebook does.
                landed = self._prepare(member, said, received, work, tick, distrust=True)
            entry = landed.entry
            work = work.rename(self._home.scratch / entry["submission_id"])
            self._put_in_place(entry, work)
        finally:
            self._remove_work(work)
        self.manifest[entry["submission_id"]] = dict(entry)
        self._by_checksum.setdefault(received.checksum, []).append(dict(entry))
        if entry["feed"] in ("organisations", "successions"):
            self._known = None
        return landed

    def feed_of(self, member: Member, options: Mapping[str, str | None]) -> str:
        """The feed of a file, by its name, the options or its header. Raises Refused."""
        said = declared(stems(member), options)
        return said.feed or header_of(self._engine, member, None, self._home.scratch).feed.name

    def write_index(self) -> None:
        """Write the index of the Data Docs anew."""
        self._home.data_docs.mkdir(parents=True, exist_ok=True)
        page = self._home.scratch / "index.html"
        page.write_text(data_docs.render_index(self.manifest.values()), encoding="utf-8")
        page.replace(self._home.data_docs / "index.html")

    def _read_manifest(self) -> dict[str, dict]:
        folder = self._home.lake / "_submissions"
        if not any(folder.glob("*.parquet")):
            return {}
        relation = self._engine.sql(
            f"from read_parquet({literal(pattern(folder, '*.parquet'))}, union_by_name = true,"
            " hive_partitioning = false)"
            " order by landed_at"
        )
        entries = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        return {entry["submission_id"]: entry for entry in entries}

    def _landed_before(self, said: Declaration, checksum: str) -> dict | None:
        """The submission that these bytes landed as, by what is said of them now.

        What is not said now may have been said then, or inferred, on another day: it is the same.
        """
        before = [entry for entry in self._by_checksum.get(checksum, []) if said.fits(entry)]
        return before[-1] if before else None

    def _prepare(
        self,
        member: Member,
        said: Declaration,
        received: Received,
        work: Path,
        tick: Tick,
        distrust: bool = False,
    ) -> Landed:
        """Write the files of a submission into `work`; returns what is landed and said.

        `distrust` as in reading.sort_lines.
        """
        header = received.header
        feed, present = header.feed, list(header.columns)
        data, rejects = work / "data.parquet", work / "rejects.parquet"
        is_parquet = member.extension == "parquet"
        with faults_refused(received.copy) if is_parquet else nullcontext():
            source = tables.rows_of(self._engine, received, work, distrust)
            submission, period = self._submission(said, feed, source)
            tick(received.size)
            submission_id = submission.identifier(received.checksum)
            if submission_id in self.manifest:
                raise Refused(f"another file landed as {submission_id}: checksums begin alike")
            rows = tables.write_data(self._engine, feed, submission_id, source, data)
        tick(received.size)
        tables.write_rejects(self._engine, submission_id, source, rejects)
        refuse_malformed(self._engine, rows, rejects)
        if feed.name == "successions":
            reject_what_cannot_be_followed(self._engine, feed, submission_id, data, rejects)
        profile = work / "profile.parquet"
        commas = header.delimiter == ";"
        write_profile(self._engine, feed, present, data, submission_id, profile, commas)
        repeated = repeated_keys(self._engine, feed, data)
        refuse_unusable(self._engine, feed, data, profile, repeated.get(None, 0))
        if feed.name == "successions":
            refuse_cycle(self._engine, data, submission.extract_date, self._landed(feed))
        tick(received.size)
        known = self._known_codes()
        facts = findings(self._engine, feed, submission, known, repeated, work, commas)
        verdict = self._verdict(feed, facts, profile)
        entry = {
            "submission_id": submission_id,
            **_declaration(submission),
            "file_name": shown(member.file_name, 1000),
            "checksum_sha256": received.checksum,
            "size_bytes": received.size,
            "landed_at": self._now(),
            **facts.manifest(),
            "line_count": source.line_count,
            "column_names": "\n".join(present),
            "container": member.extension,
            "preamble_line_count": len(header.preamble),
            "preamble": "\n".join(header.preamble)[:MAX_REJECT_CHARACTERS] or None,
            "encoding": received.text.encoding if received.text else None,
            "delimiter": DELIMITERS[header.delimiter] if header.delimiter else None,
            "profile_verdict": "passed" if verdict.passed else "failed",
            "profile_failures": "\n".join(verdict.failures) or None,
        }
        tables.write_entry(self._engine, entry, work / "manifest.parquet")
        page = data_docs.render_page(submission_id, verdict, _page_facts(entry))
        (work / "page.html").write_text(page, encoding="utf-8")
        # The copy takes the name under which it came.
        (work / "received").mkdir()
        received.copy.rename(work / "received" / member.own_name)
        warnings = [
            *_of_period(period),
            *facts.sentences(feed),
            *(f"profile: {failure}" for failure in verdict.failures),
        ]
        replaces = self._replaces(entry)
        return Landed(entry, False, facts, tuple(warnings), tuple(replaces))

    def _submission(
        self, said: Declaration, feed: Feed, source: tables.Rows
    ) -> tuple[Submission, Period | None]:
        """What the file is: as it declares itself, and inferred where it is silent."""
        extract_date = said.extract_date or date.today()
        period = None
        if not said.period:
            with tables.one_thread(self._engine):
                period = infer_period(
                    self._engine, feed, source.relation, source.expressions, extract_date
                )
        inferred = {
            "feed": said.feed is None,
            "period": said.period is None,
            "extract_date": said.extract_date is None,
        }
        submission = Submission(
            feed=feed.name,
            period=period.name if period else str(said.period),
            extract_date=extract_date,
            sender=said.sender,
            inferred=tuple(part for part, is_so in inferred.items() if is_so),
        )
        return submission, period

    def _replaces(self, entry: Mapping) -> list[str]:
        """Which submissions a new one takes the place of, and which in part of its own."""
        if not feeds()[entry["feed"]].is_periodic:
            return []
        before: dict[date, Mapping] = {}
        series = (entry["feed"], entry["sender"])
        others = [e for e in self.manifest.values() if (e["feed"], e["sender"]) == series]
        for earlier in sorted(others, key=_precedence):
            before |= dict.fromkeys(_months(earlier), earlier)
        taken: dict[str, int] = {}
        left: dict[str, int] = {}
        for month in _months(entry):
            if month in before:
                other = before[month]
                counts = taken if _precedence(other) < _precedence(entry) else left
                counts[other["submission_id"]] = counts.get(other["submission_id"], 0) + 1
        return [
            *(f"takes the place of {other} in {_counted(n)}" for other, n in taken.items()),
            *(f"leaves {_counted(n)} to {other}, a later extract" for other, n in left.items()),
        ]

    def _now(self) -> datetime:
        """The time, naive and universal; later than every landing, for ties go by it."""
        now = datetime.now(UTC).replace(tzinfo=None)
        latest = max((entry["landed_at"] for entry in self.manifest.values()), default=datetime.min)
        return max(now, latest + timedelta(microseconds=1))

    def _landed(self, feed: Feed) -> list[tuple[Path, date]]:
        """Lake file and extract date of the feed's submissions, in the order of landing."""
        folder = self._home.lake / feed.name
        return [
            (folder / f"{entry['submission_id']}.parquet", entry["extract_date"])
            for entry in self.manifest.values()
            if entry["feed"] == feed.name
        ]

    def _known_codes(self) -> KnownCodes:
        """The codes known by the seeds and what has landed, of two extracts by the later."""
        if self._known is None:
            self._known = KnownCodes(self._engine)
            organisations, successions = (
                [path for path, _ in sorted(self._landed(feeds()[name]), key=lambda row: row[1])]
                for name in ("organisations", "successions")
            )
            self._known.learn(organisations, successions)
        return self._known

    def _verdict(self, feed: Feed, facts: Findings, profile: Path) -> Verdict:
        known = self._known_codes()
        counted = Counts(
            facts.row_count, facts.reject_count, facts.unknown.row_count, facts.repeated_keys
        )
        found = checks(
            self._engine, feed, profile, counted, lambda code: known.is_known(code, feed)
        )
        return self._judge.judge(found)

    def _put_in_place(self, entry: Mapping, work: Path) -> None:
        """Rename the files of `work` to where they belong, the manifest's row last of all."""
        submission_id, feed = entry["submission_id"], entry["feed"]
        lake = self._home.lake
        [received] = (work / "received").iterdir()
        _rename(received, self._home.landing / feed / submission_id / received.name)
        _rename(work / "data.parquet", lake / feed / f"{submission_id}.parquet")
        _rename(work / "rejects.parquet", lake / "_rejects" / f"{submission_id}.parquet")
        _rename(work / "profile.parquet", lake / "_profiles" / f"{submission_id}.parquet")
        _rename(work / "page.html", self._home.data_docs / f"{submission_id}.html")
        _rename(work / "manifest.parquet", self._manifest_row(submission_id))

    def _manifest_row(self, submission_id: str) -> Path:
        return self._home.lake / "_submissions" / f"{submission_id}.parquet"

    def _remove_work(self, work: Path) -> None:
        """Remove a work folder and, unless its submission landed whole, what it put in the lake.

        A copy in landing stays: what was received is never deleted, and the file's next landing
        puts the same bytes in its place.
        """
        if not self._manifest_row(work.name).exists():
            for orphan in self._home.lake.glob(f"*/{work.name}.parquet"):
                orphan.unlink()
        shutil.rmtree(work, ignore_errors=True)


def stems(member: Member) -> list[str]:
    """The names that may say what a file is, without extension: its own, then its archive's.

    Raises Refused for one whose extension is none that can be landed.
    """
    if not member.extension:
        raise Refused(
            f"'{shown(member.own_name)}' is no file that can be landed; the extensions are"
            f" {', '.join(EXTENSIONS)}"
        )
    names = [member.own_name[: -len(member.extension) - 1]]
    if member.entry:
        names.append(member.path.stem)
    elif inside := name_inside(member.path):
        names.insert(0, inside[: -len(extension(inside) or "") - 1])
    return names


def _precedence(entry: Mapping) -> tuple[date, datetime]:
    """Of two submissions for a month the one that comes last in this order counts."""
    return entry["extract_date"], entry["landed_at"]


def _counted(months: int) -> str:
    return "1 month" if months == 1 else f"{months} months"


def _months(entry: Mapping) -> list[date]:
    """The first days of the months of a submission's period; none of one that cannot be meant."""
    first, last = entry["period_start_date"], entry["period_end_date"]
    if not FIRST_YEAR <= first.year <= last.year <= date.today().year + 1:
        return []
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _declaration(submission: Submission) -> dict:
    first_day, last_day = period_bounds(submission.period)
    return {
        "feed": submission.feed,
        "period": submission.period,
        "period_start_date": first_day,
        "period_end_date": last_day,
        "extract_date": submission.extract_date,
        "sender": submission.sender,
        "is_synthetic": submission.is_synthetic,
        "inferred": ", ".join(submission.inferred) or None,
    }


def _of_period(period: Period | None) -> list[str]:
    """What is to be said of a period that was inferred."""
    said = []
    if period and period.strays:
        said.append(
            f"{period.strays} dates that cannot be meant were left aside when the period was"
            " inferred"
        )
    if period and period.empty_months:
        said.append(
            f"{_counted(period.empty_months)} of the inferred period {period.name}"
            f" {'has' if period.empty_months == 1 else 'have'} no row;"
            " --period may say better"
        )
    return said


def _page_facts(entry: Mapping) -> dict[str, object]:
    """What the submission's page tells beside the bounds; of codes, only how many."""
    return {
        "File": entry["file_name"],
        "Period": entry["period"],
        "Extract date": entry["extract_date"],
        "Inferred": entry["inferred"] or "nothing",
        "Rows": entry["row_count"],
        "Rejected lines": entry["reject_count"],
        "Rejected lines, by number": entry["reject_lines"] or "none",
        "Values not read": entry["unread_values"] or "none",
        "Rows that repeat a record key": entry["repeated_key_count"],
        "Rows of unknown organisations": entry["unknown_organisation_row_count"],
    }


def _rename(source: Path, target: Path) -> None:
    """Move a file into place, durably: its content first, then its name and a new folder's."""
    is_new = not target.parent.exists()
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(source)
    source.replace(target)
    sync(target.parent)
    if is_new:
        sync(target.parent.parent)
