"""The Indicator Explorer: pages that open by double click, over figures of the release alone."""

from publication.explorer.writing import write_explorer

__all__ = ["write_explorer"]
