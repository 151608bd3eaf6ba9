"""The queries of scorecards, as rows; the SQL lies in `scorecard_assets/queries/`."""

from typing import Any

from publication.release_data import Release
from publication.scorecards.assets import ASSETS


def rows_of(release: Release, name: str, **parameters: Any) -> list[dict[str, Any]]:
    """The rows of a query, which takes its parameters by name."""
    sql = (ASSETS / "queries" / f"{name}.sql").read_text(encoding="utf-8")
    result = release.engine.execute(sql, parameters)
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
