"""Data from elsewhere, which is not on a user's machine: what reads it carries the mark `foreign`."""

from pathlib import Path

FOREIGN = Path(__file__).resolve().parents[2] / "shared" / "data"
MISSING = f"needs data that is not on this machine: {FOREIGN}"
