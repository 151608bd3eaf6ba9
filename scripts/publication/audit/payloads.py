"""What is read of the formats made for people and dashboards: JSON, scripts of pages, workbooks.

Each gives tables of rows, by the names of columns, with what the document is about added to each.
The reading is the attacker's own; nothing is asked of what wrote the files.
"""

import json
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Row = dict[str, Any]
# A name of a column whose values stand as places in another's list.
LISTED_AS = {"from_quarter": "quarter", "segment_from_quarter": "quarter"}
_CALL = re.compile(r"^\s*[\w.]+\(\s*(.*)\)\s*;?\s*$", re.DOTALL)
_ROW = re.compile(rb"<row [^>]*>.*?</row>", re.DOTALL)
_SHARED = re.compile(rb"<si>.*?</si>", re.DOTALL)


@dataclass(frozen=True)
class Payload:
    """A table of a document: where it stands, and its rows."""

    place: str
    kind: str  # what tables of the same columns have in common: the folder and the name
    columns: dict[str, list[Any]]

    @property
    def size(self) -> int:
        """How many rows it has."""
        return len(next(iter(self.columns.values()), []))


def _payload(place: str, columns: dict[str, list[Any]], subject: Row) -> Payload:
    """A table with what its document is about as columns; a row's own names go before that."""
    size = len(next(iter(columns.values()), []))
    about = {name: value for name, value in subject.items() if name not in columns}
    if "organisation_code" in columns and "area_code" not in columns:
        about |= {"area_level": "organisation"}
        columns = columns | {"area_code": columns["organisation_code"]}
        about.pop("area_code", None)
    folder = str(Path(place.split(" ")[0]).parent)
    kind = f"{re.sub('/[^/]*[0-9][^/]*$', '', folder)} {place.split(' ')[-1]}"
    spread = {name: [value] * size for name, value in about.items()}
    return Payload(place, kind, spread | columns)


def _of_rows(rows: list[Row]) -> dict[str, list[Any]]:
    names = sorted({name for row in rows for name in row})
    columns = {name: [row.get(name) for row in rows] for name in names}
    return {
        name: column
        for name, column in columns.items()
        if not any(isinstance(value, (dict, list)) for value in column)
    }


def json_payloads(folder: Path) -> Iterator[Payload]:
    """The tables of every JSON document of the feed."""
    for path in sorted((folder / "api").rglob("*.json")):
        if path.name == "schema.json":
            continue
        content = json.loads(path.read_text(encoding="utf-8"))
        place = str(path.relative_to(folder))
        yield from _tables_of(place, content, _subject(path), {})


def script_payloads(folder: Path) -> Iterator[Payload]:
    """The tables of every data script of the pages: calls of one function with JSON."""
    scripts = sorted((folder / "explorer").rglob("*.js"))
    contents = {}
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        called = _CALL.match(text) if text.startswith("BCBV.put(") else None
        if called:
            contents[path] = json.loads(f"[{called.group(1)}]")[-1]
    codes: dict[str, list[str]] = {}
    for content in contents.values():
        if isinstance(content, dict) and isinstance(content.get("codes"), dict):
            codes |= content["codes"]
    for path, content in contents.items():
        place = str(path.relative_to(folder))
        yield from _tables_of(place, content, _subject(path), codes)


def workbook_payloads(folder: Path, wanted: Iterable[str]) -> Iterator[Payload]:
    """The rows of every sheet that name one of the wanted codes; a table stands from A1."""
    codes = [code.encode() for code in wanted]
    for path in sorted((folder / "xlsx").glob("*.xlsx")):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            shared: list[str] = []
            if "xl/sharedStrings.xml" in names:
                shared = [
                    _text(ElementTree.fromstring(part))
                    for part in _SHARED.findall(archive.read("xl/sharedStrings.xml"))
                ]
            places = {str(i).encode() for i, s in enumerate(shared) if s.encode() in set(codes)}
            for name in names:
                if name.startswith("xl/worksheets/sheet"):
                    rows = list(_sheet_rows(archive.read(name), shared, codes, places))
                    if rows:
                        yield _payload(f"xlsx/{path.name} {Path(name).stem}", _of_rows(rows), {})


def _sheet_rows(
    content: bytes, shared: list[str], codes: list[bytes], places: set[bytes]
) -> Iterator[Row]:
    head: dict[str, str] = {}
    for found in _ROW.finditer(content):
        row = found.group()
        if not head:
            head = {column: str(value) for column, value in _cells(row, shared)}
            if "quarter" not in head.values():
                return
            continue
        if any(code in row for code in codes) or any(b"<v>%s</v>" % p in row for p in places):
            yield {head.get(column, ""): value for column, value in _cells(row, shared)}


def _cells(row: bytes, shared: list[str]) -> Iterator[tuple[str, Any]]:
    """Column letters and values of a row's cells that have one."""
    for cell in ElementTree.fromstring(row):
        column = cell.get("r", "").rstrip("0123456789")
        kind, value = cell.get("t", "n"), cell.findtext("v")
        if kind == "inlineStr":
            yield column, _text(cell)
        elif value is not None and kind == "s":
            yield column, shared[int(value)]
        elif value is not None:
            yield column, float(value) if kind == "n" else value


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter("t"))


def _subject(path: Path) -> Row:
    """What a document is about, by its place."""
    subject: Row = {"_stem": path.stem, "_folder": path.parent.name}
    if path.parent.parent.name in ("i", "a"):  # by year: the folder is the subject
        subject = {"_stem": path.parent.name, "_folder": path.parent.parent.name}
    folder, stem = subject["_folder"], subject["_stem"]
    if folder in ("organisations", "o"):
        subject |= {"organisation_code": stem, "area_code": stem, "area_level": "organisation"}
    elif folder in ("indicators", "i", "t"):
        subject["indicator_id"] = stem
    elif folder in ("areas", "a"):
        level = "england" if stem == "england" else "sha"
        subject |= {"area_code": stem, "area_level": level}
    elif stem == "e":
        subject |= {"area_code": "england", "area_level": "england"}
    return subject


def _tables_of(
    place: str, content: Any, subject: Row, codes: Mapping[str, list[str]]
) -> Iterator[Payload]:
    """Lists of rows, and tables by columns, at any depth."""
    if isinstance(content, dict):
        columnar = _columnar(content, codes)
        if columnar is not None:
            yield _payload(place, columnar, subject)
            return
        for name, part in content.items():
            yield from _tables_of(f"{place} {name}", part, subject, codes)
        if any(not isinstance(part, (dict, list)) for part in content.values()):
            yield _payload(place, _of_rows([content]), subject)
    elif isinstance(content, list):
        rows = [row for row in content if isinstance(row, dict)]
        if rows:
            yield _payload(place, _of_rows(rows), subject)
        for row in rows:
            for name, part in row.items():
                if isinstance(part, (dict, list)):
                    inner = subject | {
                        k: v for k, v in row.items() if not isinstance(v, (dict, list))
                    }
                    yield from _tables_of(f"{place} {name}", part, inner, codes)


def _columnar(content: Row, codes: Mapping[str, list[str]]) -> dict[str, list[Any]] | None:
    """A table that is written by columns, packed or as lists; None where it is none."""
    if not content:
        return None
    size = content.get("n")
    if isinstance(size, int) and all(
        isinstance(part, (str, list)) for name, part in content.items() if name != "n"
    ):
        columns = {
            name: part if isinstance(part, list) else _unpacked(part, name, codes) if size else []
            for name, part in content.items()
            if name != "n"
        }
    elif all(isinstance(part, list) for part in content.values()):
        columns = dict(content)
        lengths = {len(part) for part in columns.values()}
        simple = all(
            not isinstance(value, (dict, list)) for part in columns.values() for value in part[:1]
        )
        if len(lengths) != 1 or not simple:
            return None
    else:
        return None
    return columns


def _unpacked(text: str, name: str, codes: Mapping[str, list[str]]) -> list[Any]:
    """A packed column: ~ repeats the value above, + counts on from it, a number says how often."""
    listed = codes.get(LISTED_AS.get(name, name))
    values: list[Any] = []
    above = ""
    for cell in text.split(","):
        if cell[:1] in ("~", "+"):
            for _ in range(int(cell[1:] or 1)):
                above = str(int(above) + 1) if cell[0] == "+" else above
                values.append(_meant(above, listed))
        else:
            above = cell
            values.append(_meant(above, listed))
    return values


def _meant(cell: str, listed: list[str] | None) -> Any:
    if cell == "":
        return None
    if listed is not None:
        return listed[int(cell)]
    return {"t": True, "f": False}[cell] if cell in ("t", "f") else float(cell)
