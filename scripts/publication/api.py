"""The feed: a release as static JSON, for organisations' own dashboards.

One document an organisation, an indicator and an area, with a list of what there is and a schema
that every document keeps to. Rows are objects, made by DuckDB; figures are those of the tables.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from publication.api_schema import schema
from publication.api_sections import (
    AREA,
    DOCUMENTS,
    INDEX,
    INDICATOR,
    ORGANISATION,
    Document,
    create_views,
)
from publication.release_data import Facts, Release

FOLDER = Path("api") / "v1"
NOTES = (
    "Not targets and no league table: the best quarter is what others have reached, not what"
    " everybody can.",
    "Null is not nought: publication_status and disclosure_status say why a figure is missing.",
    "opportunity_annual_gbp is four times the quarter's: do not add quarters up.",
)


@dataclass(frozen=True)
class _Written:
    """A document on its way: where it goes and its text."""

    path: Path
    text: str


def write_api(
    release: Release, folder: Path, releases: Sequence[Mapping[str, Any]] | None = None
) -> None:
    """Write `api/v1/` into the folder of a release.

    `releases` are the other releases of the same kind as their release.json tells of them (release,
    published_at); this one is listed whether named or not. The engine gains temporary views.

    Raises ValueError where a code cannot be the name of a file; duckdb.Error where the release
    lacks a table; OSError where the folder cannot be written.
    """
    engine, target = release.engine, folder / FOLDER
    create_views(engine)
    header = header_of(release.facts)
    written = [
        *_documents(engine, ORGANISATION, header),
        *_documents(engine, INDICATOR, header),
        *_documents(engine, AREA, header),
        _index(engine, header),
        _Written(Path("releases.json"), _releases(release.facts, header, releases or ())),
        _Written(Path("schema.json"), _text(schema(engine, header, DOCUMENTS))),
    ]
    for name in {document.path.parent for document in written}:
        (target / name).mkdir(parents=True, exist_ok=True)
    for document in written:
        (target / document.path).write_text(document.text + "\n", encoding="utf-8", newline="\n")


def header_of(facts: Facts) -> dict[str, Any]:
    """What every document says of the release that it is of."""
    licence = facts.licence
    return {
        "release": facts.release,
        "kind": facts.kind,
        "published_at": facts.published_at.isoformat(),
        "synthetic": facts.is_synthetic,
        "suppressed": facts.is_suppressed,
        "licence": {"name": licence.name, "title": licence.title, "path": licence.url},
    }


def _documents(
    engine: duckdb.DuckDBPyConnection, document: Document, header: dict[str, Any]
) -> list[_Written]:
    """A document each of its subjects, by code."""
    found = []
    for code, body in engine.sql(document.query()).fetchall():
        if not code.isalnum() or not code.isascii():
            raise ValueError(f"{document.name} {code!r}: the code cannot be the name of a file")
        path = Path(document.folder) / f"{code}.json"
        found.append(_Written(path, _with_header(document.name, header, body)))
    return found


def _index(engine: duckdb.DuckDBPyConnection, header: dict[str, Any]) -> _Written:
    [[_, body]] = engine.sql(INDEX.query()).fetchall()
    extra = {"notes": list(NOTES), "schema": "schema.json", "releases": "releases.json"}
    return _Written(Path("index.json"), _with_header("index", header | extra, body))


def _releases(facts: Facts, header: dict[str, Any], others: Sequence[Mapping[str, Any]]) -> str:
    """The releases beside this one and this one, newest first; paths lead from this file."""
    published = {str(other["release"]): str(other["published_at"]) for other in others}
    published[facts.release] = facts.published_at.isoformat()
    rows = [
        {
            "release": name,
            "published_at": published[name],
            "path": f"../../../{name}/{FOLDER.as_posix()}/index.json",
        }
        for name in sorted(published, reverse=True)
    ]
    return _text({"document": "releases", **header, "releases": rows})


def _with_header(name: str, header: dict[str, Any], body: str) -> str:
    """A body that DuckDB made, an object, after what is said of the release."""
    return f"{_text({'document': name, **header})[:-1]},{body[1:]}"


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
