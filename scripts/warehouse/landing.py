"""One file into landing and lake, whole or not at all."""

import shutil
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import duckdb

from warehouse import data_docs, tables
from warehouse.contracts import Feed, Refused, feeds
from warehouse.expectations import Judge, Verdict, bounds, profile_frame
from warehouse.files import only_one, sha256, sync
from warehouse.fingerprint import Fingerprint, fingerprint
from warehouse.home import Home, literal, pattern
from warehouse.naming import Submission, declared, period_bounds
from warehouse.parquet import text_columns
from warehouse.profile import repeated_keys, write_profile
from warehouse.reading import DELIMITERS, CleanText, clean_text
from warehouse.successions import check_successions

Tick = Callable[[int], object]

# Malformed lines named when a file lands; the lake's rejects hold all.
REJECTS_SHOWN = 5


@dataclass(frozen=True)
class Landed:
    """What became of one file: its row in the manifest, and whether it was there before."""

    entry: Mapping
    already: bool


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

    @cached_property
    def _judge(self) -> Judge:
        return Judge()

    def land(self, path: Path, options: Mapping[str, str | None], tick: Tick) -> Landed:
        """Check a file and land it, unless it has landed before.

        `options` as in naming.declared. `tick` is told of the file's bytes four times over, as they
        are looked at, read, written and profiled. Raises Refused with the reason, and then nothing
        has changed.
        """
        if not path.exists():
            raise Refused("no such file or folder")
        if path.is_dir():
            raise Refused("no file in this folder can be landed")
        submission = declared(path, options)
        found = fingerprint(path, tick)
        submission_id = submission.identifier(found.checksum)
        if known := self.manifest.get(submission_id):
            if known["checksum_sha256"] != found.checksum:
                raise Refused(f"another file landed as {submission_id}: checksums begin alike")
            return Landed(known, already=True)
        work = self._home.scratch / submission_id
        work.mkdir()
        try:
            entry = self._prepare(path, submission, found, work, tick)
            self._put_in_place(entry, work)
        finally:
            self._remove_work(work)
        self.manifest[submission_id] = entry
        return Landed(entry, already=False)

    def findings(self, entry: Mapping) -> list[str]:
        """What a landed submission's sender should look at, a line each: the first malformed lines,
        the columns with invalid values, and what its profile failed."""
        submission_id = entry["submission_id"]
        rejects = self._home.lake / "_rejects" / f"{submission_id}.parquet"
        profile = self._home.lake / "_profiles" / f"{submission_id}.parquet"
        lines = self._engine.sql(
            f"select line_number, reason from read_parquet({literal(rejects)})"
            f" order by line_number limit {REJECTS_SHOWN}"
        ).fetchall()
        columns = self._engine.sql(
            f"select column_name, invalid_count from read_parquet({literal(profile)})"
            " where organisation_code is null and invalid_count > 0 order by column_name"
        ).fetchall()
        more = entry["reject_count"] - len(lines)
        return [
            *(f"line {number}: {reason}, kept in the rejects" for number, reason in lines),
            *([f"{more} more malformed lines in the rejects"] if more else []),
            *(f"column {name}: {count} invalid values, read as null" for name, count in columns),
            *(f"profile: {failure}" for failure in (entry["profile_failures"] or "").splitlines()),
        ]

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

    def _prepare(
        self, path: Path, submission: Submission, found: Fingerprint, work: Path, tick: Tick
    ) -> dict:
        """Write all the files of a submission into `work`; returns its row for the manifest."""
        feed = feeds()[submission.feed]
        submission_id = work.name
        data, profile = work / "data.parquet", work / "profile.parquet"
        copy = work / "received" / path.name
        copy.parent.mkdir()
        _copy_unchanged(path, copy, found)
        relation, expressions, text = self._read(copy, feed, found, work, tick)
        rows = tables.write_data(self._engine, feed, submission_id, relation, expressions, data)
        if text and rows != text.row_count:
            raise RuntimeError(f"{path}: {text.row_count} good lines became {rows} rows")
        tick(found.size)
        if feed.name == "successions":
            check_successions(self._engine, data, submission.extract_date, self._landed(feed))
        tables.write_rejects(self._engine, submission_id, text, work / "rejects.parquet")
        write_profile(self._engine, feed, list(expressions), data, submission_id, profile)
        tick(found.size)
        verdict = self._verdict(feed, list(expressions), data, profile)
        page = data_docs.render_page(submission_id, verdict)
        (work / "page.html").write_text(page, encoding="utf-8")
        entry = {
            "submission_id": submission_id,
            **self._declaration(submission),
            "file_name": path.name,
            "checksum_sha256": found.checksum,
            "size_bytes": found.size,
            "landed_at": self._now(),
            "row_count": rows,
            "reject_count": text.reject_count if text else 0,
            "invalid_count": self._invalid_count(profile),
            "encoding": found.encoding,
            "delimiter": DELIMITERS[text.delimiter] if text else None,
            "profile_verdict": "passed" if verdict.passed else "failed",
            "profile_failures": "\n".join(verdict.failures) or None,
        }
        tables.write_entry(self._engine, entry, work / "manifest.parquet")
        return entry

    def _read(
        self, copy: Path, feed: Feed, found: Fingerprint, work: Path, tick: Tick
    ) -> tuple[str, dict[str, str], CleanText | None]:
        """The rows as a relation in SQL with an expression a column; None: not from a text file."""
        if found.encoding:
            text = clean_text(copy, feed, found.encoding, work, tick)
            return *tables.text_relation(text), text
        relation, expressions = text_columns(self._engine, copy, feed)
        tick(found.size)
        return relation, expressions, None

    def _declaration(self, submission: Submission) -> dict:
        first_day, last_day = period_bounds(submission.period)
        return {
            "feed": submission.feed,
            "period": submission.period,
            "period_start_date": first_day,
            "period_end_date": last_day,
            "extract_date": submission.extract_date,
            "sender": submission.sender,
            "is_synthetic": submission.is_synthetic,
        }

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

    def _verdict(self, feed: Feed, present: list[str], data: Path, profile: Path) -> Verdict:
        repeated = repeated_keys(self._engine, feed, data)
        frame = profile_frame(self._engine, profile, repeated)
        return self._judge.judge(feed, frame, bounds(feed, present))

    def _invalid_count(self, profile: Path) -> int:
        [(count,)] = self._engine.sql(
            f"select sum(invalid_count)::bigint from read_parquet({literal(profile)})"
            " where organisation_code is null"
        ).fetchall()
        return count

    def _put_in_place(self, entry: Mapping, work: Path) -> None:
        """Rename the files of `work` to where they belong, the manifest's row last of all."""
        submission_id, feed = entry["submission_id"], entry["feed"]
        name, lake = entry["file_name"], self._home.lake
        _rename(work / "received" / name, self._home.landing / feed / submission_id / name)
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


def _copy_unchanged(source: Path, target: Path, found: Fingerprint) -> None:
    shutil.copyfile(source, target)
    if sha256(target) != found.checksum:
        raise Refused("the file changed while it was read")


def _rename(source: Path, target: Path) -> None:
    """Move a file into place, durably: its content first, then its name and its folder's."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(source)
    source.replace(target)
    sync(target.parent)
    sync(target.parent.parent)
