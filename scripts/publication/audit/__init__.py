"""The audit of a public release: an attacker that reads its folder, and nothing else (10.8)."""

from publication.audit.attacks import audit
from publication.audit.outcome import Audit, Opened

__all__ = ["Audit", "Opened", "audit"]
