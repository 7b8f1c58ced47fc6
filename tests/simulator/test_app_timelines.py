"""The timelines' SQLite file."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from cockpit.simulator.app.timelines import Timelines, create

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2025, 10, 10)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "timelines.db"
    create(file, seed=7, today=TODAY)
    return file


@pytest.mark.parametrize(("period", "rows"), [("7d", 8), ("30d", 31), ("90d", 91), ("1y", 366)])
def test_a_period_has_a_row_a_day_and_the_first_day(path: Path, period: str, rows: int) -> None:
    days = [row["date"] for row in Timelines(path, today=lambda: TODAY).read("activity", period)]
    assert days == [(TODAY - timedelta(days=back)).isoformat() for back in reversed(range(rows))]


def test_each_kind_has_its_fields(path: Path) -> None:
    timelines = Timelines(path, today=lambda: TODAY)
    assert timelines.read("activity", "7d")[0].keys() == {"date", "messages", "threads"}
    assert timelines.read("costs", "7d")[0].keys() == {"date", "cost"}
    tokens = timelines.read("tokens", "7d")
    assert all(row["total"] == row["input"] + row["output"] for row in tokens)


def test_a_message_moves_today_and_opens_tomorrow(path: Path) -> None:
    today = TODAY
    timelines = Timelines(path, today=lambda: today)
    before = timelines.read("activity", "7d")[-1]["messages"]
    timelines.record(tokens_in=100, tokens_out=50)
    assert timelines.read("activity", "7d")[-1]["messages"] == before + 1
    today += timedelta(days=1)
    timelines.record(tokens_in=100, tokens_out=50)
    assert timelines.read("tokens", "7d")[-1] == {"date": "2025-10-11", "input": 100, "output": 50, "total": 150}


def test_the_same_seed_gives_the_same_year(tmp_path: Path, path: Path) -> None:
    other = tmp_path / "other.db"
    create(other, seed=7, today=TODAY)
    costs = [Timelines(file, today=lambda: TODAY).read("costs", "1y") for file in (path, other)]
    assert costs[0] == costs[1]


def test_a_broken_query_fails_in_sqlites_own_words(path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match='near "LEFT": syntax error'):
        Timelines(path, broken=True).read("activity", "7d")


def test_unknown_names_are_errors(path: Path) -> None:
    with pytest.raises(KeyError):
        Timelines(path).read("moods", "7d")
    with pytest.raises(KeyError):
        Timelines(path).read("costs", "8d")
