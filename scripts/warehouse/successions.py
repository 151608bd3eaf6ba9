"""What a file of successions may not say, alone or together with what is known already."""

from datetime import date
from pathlib import Path

import duckdb

from warehouse.contracts import Feed, Refused, feeds
from warehouse.home import CHECKOUT, identifier, literal, parquet
from warehouse.profile import cast_expression, missing_expression
from warehouse.words import shown

SEED = CHECKOUT / "seeds" / "reference" / "successions.csv"


def reject_what_cannot_be_followed(
    engine: duckdb.DuckDBPyConnection, feed: Feed, submission_id: str, data: Path, rejects: Path
) -> None:
    """Move the rows that are no merger from the lake file `data` to `rejects`, with the reason.

    A row is none without one of its codes or its date, and where the file gives its old code
    another successor too (a split, Rulebook 2.1). A date that cannot be read is another matter.
    Raises Refused where no row is left.
    """
    old, new = _read("old_code"), _read("new_code")
    relation = parquet(data)
    row = ", ".join(f"coalesce({identifier(name)}, '')" for name in feed.names)
    rows = engine.sql(f"""
        select
            _line,
            case
                when old_code is null then 'no old code'
                when new_code is null then 'no new code'
                when no_date then 'no effective date'
                when len(successors) > 1 then
                    old_code || ' has ' || len(successors) || ' successors ('
                    || array_to_string(successors, ', ') || '): a split cannot be followed'
            end as reason,
            received
        from (
            select
                *,
                list_sort(list(distinct new_code) filter (where new_code is not null)
                    over (partition by old_code)) as successors
            from (
                select
                    _line, {old} as old_code, {new} as new_code,
                    {missing_expression("effective_date")} as no_date,
                    concat_ws(',', {row}) as received
                from {relation}
            )
        )
        where reason is not null
        order by _line
    """).fetchall()
    if not rows:
        return
    [(count,)] = engine.sql(f"select count(*) from {relation}").fetchall()
    if count == len(rows):
        examples = "; ".join(f"line {line}: {shown(reason)}" for line, reason, _ in rows[:3])
        raise Refused(f"no row can be followed, such as {examples}")
    lines = ", ".join(str(line) for line, _, _ in rows)
    _rewrite(engine, f"select * from {relation} where _line not in ({lines}) order by _line", data)
    added = ", ".join(
        f"({literal(submission_id)}, {line}, {literal(reason)}, {literal(received)})"
        for line, reason, received in rows
    )
    _rewrite(
        engine,
        f"select * from (from {parquet(rejects)} union all values {added}) order by line_number",
        rejects,
    )


def _rewrite(engine: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    anew = target.with_name(f"{target.stem}.anew.parquet")
    engine.execute(f"copy ({query}) to {literal(anew)} (format parquet, compression zstd)")
    anew.replace(target)


def refuse_cycle(
    engine: duckdb.DuckDBPyConnection,
    data: Path,
    extract_date: date,
    landed: list[tuple[Path, date]],
) -> None:
    """Raises Refused where a code succeeds itself, at once or by a cycle.

    `data` is the file's lake file; `landed` are those of the successions landed before, each with
    its extract date, in the order of landing. Of each old code the row of the latest extract
    counts, before the seed's (Rulebook 1.5); every day is checked on which this file would
    count (`as_at`).
    """
    # A stable sort: of extracts of one day the last to land is the last to override.
    extracts = sorted([*landed, (data, extract_date)], key=lambda extract: extract[1])
    for day in sorted({taken for _, taken in extracts if taken >= extract_date}):
        known = _successors(engine, f"read_csv({literal(SEED)}, all_varchar = true)", "old_code")
        for path, taken in extracts:
            if taken <= day:
                known |= _successors(engine, parquet(path), "_line")
        if cycle := _cycle(known):
            raise Refused(f"the successions run in a cycle: {' → '.join(map(shown, cycle))}")


def _read(name: str) -> str:
    [column] = feeds()["successions"].named(name)
    return cast_expression(column, identifier(name))


def _successors(engine: duckdb.DuckDBPyConnection, relation: str, order: str) -> dict[str, str]:
    """New code by old code; of several rows of one old code the first counts."""
    old, new = _read("old_code"), _read("new_code")
    found: dict[str, str] = {}
    for old_code, new_code in engine.sql(
        f"select {old}, {new} from {relation}"
        f" where {old} is not null and {new} is not null order by {order}"
    ).fetchall():
        found.setdefault(old_code, new_code)
    return found


def _cycle(successors: dict[str, str]) -> list[str] | None:
    """The codes of a cycle, the first one again at the end; None if there is none."""
    ended: set[str] = set()
    for start in successors:
        path: list[str] = []
        code = start
        while code in successors and code not in ended:
            if code in path:
                return [*path[path.index(code) :], code]
            path.append(code)
            code = successors[code]
        ended.update(path)
    return None
