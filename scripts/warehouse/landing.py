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
from warehouse.containers import Member
from warehouse.contracts import Feed, Refused
from warehouse.expectations import Judge, Verdict, bounds, profile_frame
from warehouse.files import only_one, sync
from warehouse.headers import DELIMITERS
from warehouse.home import Home, literal
from warehouse.naming import Submission, declared, feed_said, period_bounds
from warehouse.profile import repeated_keys, write_profile
from warehouse.reading import Received, receive
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

    def land(self, member: Member, options: Mapping[str, str | None], tick: Tick) -> Landed:
        """Check a file and land it, unless it has landed before.

        `options` as in naming.declared. `tick` is told of the file's bytes three times over, as
        they are received, written and profiled. Raises Refused with the reason, and then nothing
        has changed.
        """
        if not member.path.exists():
            raise Refused("no such file or folder")
        if member.path.is_dir():
            raise Refused("no file in this folder can be landed")
        work = self._home.scratch / "arriving"
        work.mkdir()
        try:
            wanted = feed_said(member.own_name, options)
            received = receive(self._engine, member, wanted, work, tick)
            submission = declared(
                Path(member.own_name), {**options, "feed": received.header.feed.name}
            )
            submission_id = submission.identifier(received.checksum)
            if known := self.manifest.get(submission_id):
                if known["checksum_sha256"] != received.checksum:
                    raise Refused(f"another file landed as {submission_id}: checksums begin alike")
                return Landed(known, already=True)
            entry = self._prepare(member, submission, received, work, tick)
            work = work.rename(self._home.scratch / submission_id)
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
            f"from read_parquet({literal(folder / '*.parquet')}, union_by_name = true)"
            " order by landed_at"
        )
        entries = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
        return {entry["submission_id"]: entry for entry in entries}

    def _prepare(
        self, member: Member, submission: Submission, received: Received, work: Path, tick: Tick
    ) -> dict:
        """Write all the files of a submission into `work`; returns its row for the manifest."""
        feed = received.header.feed
        submission_id = submission.identifier(received.checksum)
        data, profile = work / "data.parquet", work / "profile.parquet"
        present = [name for name in feed.names if name in received.header.columns]
        written = tables.write_data(self._engine, received, submission_id, work, data)
        tick(received.size)
        if feed.name == "successions":
            check_successions(self._engine, data, submission.extract_date, self._landed(feed))
        tables.write_rejects(self._engine, submission_id, written, work / "rejects.parquet")
        write_profile(self._engine, feed, present, data, submission_id, profile)
        tick(received.size)
        verdict = self._verdict(feed, present, data, profile)
        page = data_docs.render_page(submission_id, verdict)
        (work / "page.html").write_text(page, encoding="utf-8")
        delimiter = received.header.delimiter
        entry = {
            "submission_id": submission_id,
            **self._declaration(submission),
            "file_name": member.file_name,
            "checksum_sha256": received.checksum,
            "size_bytes": received.size,
            "landed_at": self._now(),
            "row_count": written.row_count,
            "reject_count": written.reject_count,
            "invalid_count": self._invalid_count(profile),
            "encoding": received.text.encoding if received.text else None,
            "delimiter": DELIMITERS[delimiter] if delimiter else None,
            "profile_verdict": "passed" if verdict.passed else "failed",
            "profile_failures": "\n".join(verdict.failures) or None,
        }
        tables.write_entry(self._engine, entry, work / "manifest.parquet")
        return entry

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
        lake = self._home.lake
        [name] = [path.name for path in (work / "received").iterdir()]
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


def _rename(source: Path, target: Path) -> None:
    """Move a file into place, durably: its content first, then its name and its folder's."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(source)
    source.replace(target)
    sync(target.parent)
    sync(target.parent.parent)
