"""Where conformance cases lie: beside the checkout, or where COCKPIT_CASES says; tests skip without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("COCKPIT_CASES") or Path(__file__).resolve().parents[2] / "shared" / "data")


def case_file(name: str) -> Path:
    """A file of cases; the test that asks is skipped where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the cases {name} are not here (COCKPIT_CASES names their folder)")
    return path
