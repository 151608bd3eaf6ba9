"""How dbt learns of the home: a plugin of dbt-duckdb, named in profiles.yml.

dbt knows no home of its own: it builds where ingest lands, by the same rule and limits, or stops
before anything runs.
"""

from typing import Any, cast

import duckdb
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError

from warehouse.home import BadSetting, engine_limits, find_home, literal, pattern
from warehouse.ledger import BadLedger, require_ledger
from warehouse.privacy import close, keep_salt
from warehouse.version import code_version


class Plugin(BasePlugin):
    """Sets path and limits of the connection, and looks whether the engine sees lake and ledger.

    It also tells each session which version of the code runs (macro `code_version`).
    """

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Before the first connection. Raises DbtRuntimeError with one line, the reason."""
        credentials = cast(DuckDBCredentials, self.creds)
        try:
            self._home = find_home()
            credentials.settings = (credentials.settings or {}) | engine_limits()
            # Until the end of the process: DuckDB makes its files as it goes.
            close(self._home)
            keep_salt(self._home)
            self._home.audit.mkdir(exist_ok=True)
        except (BadSetting, OSError) as error:
            raise DbtRuntimeError(str(error)) from error
        credentials.path = str(self._home.warehouse)

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Refuse a lake that the engine does not see as the system does, and a broken ledger.

        Without this a path that is read as a pattern would give empty tables and no error.
        """
        manifest = self._home.lake / "_submissions"
        seen = {
            file
            for (file,) in conn.execute(
                "select file from glob($1)", [pattern(manifest, "*.parquet")]
            ).fetchall()
        }
        unseen = [str(path) for path in manifest.glob("*.parquet") if str(path) not in seen]
        if unseen:
            raise DbtRuntimeError(
                f"BCBV_HOME={self._home.path}: the engine does not find {len(unseen)} of the files"
                f" in lake/_submissions, such as {unseen[0]}"
            )
        try:
            require_ledger(self._home.published, conn)
        except BadLedger as error:
            raise DbtRuntimeError(str(error)) from error
        self._code_version = code_version()

    def configure_cursor(self, cursor: Any) -> None:
        """Variables are of a session: each cursor is one."""
        cursor.execute(f"set variable bcbv_code_version = {literal(self._code_version)}")
