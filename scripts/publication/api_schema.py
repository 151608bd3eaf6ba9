"""The JSON Schema of the feed, from the columns that its documents hold and their descriptions."""

from collections.abc import Sequence
from typing import Any

import duckdb

from publication.api_sections import Document, Section

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: dict[str, dict[str, str]] = {
    "VARCHAR": {"type": "string"},
    "DOUBLE": {"type": "number"},
    "BIGINT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "HUGEINT": {"type": "integer"},
    "BOOLEAN": {"type": "boolean"},
    "DATE": {"type": "string", "format": "date"},
}
_VALUES = {
    "publication_status": [
        "published",
        "caveat",
        "withheld",
        "unusable",
        "not_submitted",
        "not_applicable",
    ],
    "disclosure_status": ["shown", "suppressed"],
    "area_level": ["england", "sha"],
    "direction": ["lower", "higher", "context"],
    "peer_set": ["national", "specialist", "sha", "cluster"],
}
_PATTERNS = {"quarter": "^[0-9]{4}-[0-9]{2} Q[1-4]$", "financial_year": "^[0-9]{4}-[0-9]{2}$"}
_HEADER: dict[str, dict[str, Any]] = {
    "release": {"type": "string", "description": "Name of the release, which never changes."},
    "kind": {"enum": ["public", "internal"]},
    "published_at": {"type": "string", "format": "date-time"},
    "synthetic": {"type": "boolean", "description": "Made of invented data, in part or whole."},
    "suppressed": {"type": "boolean", "description": "Small numbers are hidden, figures rounded."},
    "licence": {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "title": {"type": "string"},
            "path": {"type": ["string", "null"]},
        },
        "required": ["name", "title", "path"],
        "additionalProperties": False,
    },
}


def schema(
    engine: duckdb.DuckDBPyConnection, header: dict[str, Any], documents: Sequence[Document]
) -> dict[str, Any]:
    """A schema that tells by `document` what else a file has to hold.

    The views of the documents' sections must be there. Raises KeyError on a type that the feed has
    no word for.
    """
    comments = _comments(engine)
    definitions = {each.name: _document(engine, each, comments) for each in documents}
    definitions["index"]["properties"] |= {
        "notes": {"type": "array", "items": {"type": "string"}, "minItems": 1},
        "schema": {"const": "schema.json"},
        "releases": {"const": "releases.json"},
    }
    definitions["index"]["required"] += ["notes", "schema", "releases"]
    definitions["releases"] = _closed(
        {
            "document": {"const": "releases"},
            **_HEADER,
            "releases": {
                "type": "array",
                "items": _closed(
                    {
                        "release": {"type": "string"},
                        "published_at": {"type": "string", "format": "date-time"},
                        "path": {"type": "string"},
                    }
                ),
                "minItems": 1,
            },
        }
    )
    return {
        "$schema": DIALECT,
        "title": "Feed of a release of indicators",
        **header,
        "type": "object",
        "required": ["document"],
        "properties": {"document": {"enum": list(definitions)}},
        "allOf": [
            {
                "if": {"properties": {"document": {"const": name}}},
                "then": {"$ref": f"#/$defs/{name}"},
            }
            for name in definitions
        ],
        "$defs": definitions,
    }


def _document(
    engine: duckdb.DuckDBPyConnection, document: Document, comments: dict[str, str]
) -> dict[str, Any]:
    properties: dict[str, Any] = {"document": {"const": document.name}, **_HEADER}
    for section in document.sections:
        row = _row(engine, section, comments)
        properties[section.name] = {"type": "array", "items": row} if section.is_list else row
    return _closed(properties)


def _row(
    engine: duckdb.DuckDBPyConnection, section: Section, comments: dict[str, str]
) -> dict[str, Any]:
    """An object of a section; every column is there, and null only where it may be."""
    types = {row[0]: row[1] for row in engine.sql(f"describe {section.view}").fetchall()}
    properties = {}
    for column in section.columns:
        kind: dict[str, Any] = dict(_TYPES[types[column]])
        is_required = column in section.required
        if not is_required:
            kind["type"] = [kind["type"], "null"]
        if column in _VALUES:
            kind = {"enum": _VALUES[column] + ([] if is_required else [None])}
        if column in _PATTERNS:
            kind["pattern"] = _PATTERNS[column]
        if comments.get(column):
            kind["description"] = comments[column]
        properties[column] = kind
    return _closed(properties)


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object of these properties, all of them and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _comments(engine: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What columns mean, by name; the first table that says so."""
    return dict(
        engine.sql(
            "select column_name, first(comment order by table_name) from duckdb_columns()"
            " where database_name = 'release' and schema_name = 'marts' and comment is not null"
            " group by column_name"
        ).fetchall()
    )
