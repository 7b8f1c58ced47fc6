"""Moments as people type where they want to go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cockpit.logs.moment import SECOND
from cockpit.logs.query.moments import wished

NOW = int(datetime(2026, 11, 21, 12, 3, 44, tzinfo=UTC).timestamp())
HERE = NOW - 600


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("12:00", NOW - 224),
        ("11:59:44", NOW - 240),
        ("12:04", NOW - 86_384),
        ("10m", NOW - 600),
        ("-10m", HERE - 600),
        ("−10m", HERE - 600),
        ("+30s", HERE + 30),
        ("- 1h30m", HERE - 5400),
        ("+90", HERE + 90),
        ("2026-11-21", NOW - NOW % 86_400),
        ("2026-11-21T11:58:44Z", NOW - 300),
        ("2026-11-21 12:58:44+01:00", NOW - 300),
    ],
)
def test_what_is_typed_is_a_moment(typed: str, at: int) -> None:
    assert wished(typed, here=HERE * SECOND, now=NOW * SECOND, zone=UTC) == at * SECOND


@pytest.mark.parametrize("typed", ["", "-", "+", "25:99", "-10 minutes", "+-3s", "2026-02-30", "yesterday"])
def test_what_is_none_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match="is no moment"):
        wished(typed, here=HERE * SECOND, now=NOW * SECOND, zone=UTC)
