"""What a benchmark ran on: the machine and the version of the code."""

import os
import platform
import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def commit() -> str:
    """The checkout's commit, and whether anything was changed since."""
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    return described.stdout.strip()


def machine() -> dict[str, int | str]:
    """Cores, memory, architecture and the version of Python."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count() or 1,
        "memory_gib": round(memory / 2**30),
        "architecture": platform.machine(),
        "python": platform.python_version(),
    }
