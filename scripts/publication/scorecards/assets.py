"""Where what scorecards are made with lies: templates, fonts, queries."""

from pathlib import Path

ASSETS = Path(__file__).resolve().parents[1] / "scorecard_assets"
FONTS = ASSETS / "fonts"
