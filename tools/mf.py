"""MetricFlow's command `mf` for this project: same arguments, three things put right.

`mf` looks for dbt's artefacts in `target/` beside dbt_project.yml, wherever dbt was told to put
them; keeps its log in the checkout; and asks the package index for a newer version of itself each
time. Here artefacts and log lie under BCBV_HOME, and nobody is asked. `dbt build` comes first, or
`dbt parse` where a metric alone changed.
"""

import os
from pathlib import Path
from typing import Any

from dbt_metricflow.cli import main as command
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.dbt_connectors.dbt_config_accessor import dbtArtifacts
from metricflow.engine.metricflow_engine import MetricFlowEngine
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)

CHECKOUT = Path(__file__).resolve().parents[1]


class _NobodyAsked:
    """Stands for what would look for a newer version."""

    def check(self, *_: Any) -> None:
        """Find none."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command; it ends the process, as commands of click do."""
    prepare()
    command.cli(arguments, prog_name="tools/mf.py")


def engine() -> MetricFlowEngine:
    """MetricFlow over the warehouse under BCBV_HOME, for several questions in one process."""
    prepare()
    configuration = CLIConfiguration()
    configuration.setup(CHECKOUT, CHECKOUT, configure_file_logging=False)
    return configuration.mf


def prepare() -> None:
    """Have MetricFlow look under BCBV_HOME.

    Raises FileNotFoundError where dbt has not parsed the project there.
    """
    target = Path(os.environ.get("BCBV_HOME") or "data") / "target"
    manifest = (target / "semantic_manifest.json").resolve()
    if not manifest.exists():
        raise FileNotFoundError(f"{manifest} is not there: run `dbt parse` first")
    os.environ.setdefault("DBT_LOG_PATH", str(target.resolve()))

    def read(project_root: Path) -> Any:
        text = manifest.read_text(encoding="utf-8")
        return parse_manifest_from_dbt_generated_manifest(manifest_json_string=text)

    for owner, name, instead in (
        (dbtArtifacts, "build_semantic_manifest_from_dbt_project_root", staticmethod(read)),
        (command, "UpdateChecker", _NobodyAsked),
    ):
        setattr(owner, name, instead)


if __name__ == "__main__":
    main()
