"""The audit of a public release: an attacker that reads its folder, and nothing else (10.8)."""

from collections.abc import Sequence
from pathlib import Path

from publication.audit.outcome import Audit, Opened

__all__ = ["Audit", "Opened", "audit"]


def audit(folder: Path, earlier: Sequence[Path] = ()) -> Audit:
    """Attack the release in a folder; earlier are the folders of public releases before it.

    Raises FileNotFoundError where the folder holds no release.
    """
    # Its arithmetic takes seconds to load, which whoever asks for help does not need.
    from publication.audit.attacks import audit as attack

    return attack(folder, earlier)
