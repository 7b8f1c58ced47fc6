"""The dashboard's timelines, kept in one SQLite file that every instance opens.

The tables hold one row a day: messages and threads, cost in dollars, tokens in and out.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

DAYS = MappingProxyType({"7d": 7, "30d": 30, "90d": 90, "1y": 365})
COLUMNS = MappingProxyType(
    {
        "activity": ("messages", "threads"),
        "costs": ("cost",),
        "tokens": ("input", "output"),
    }
)
PRICE_PER_TOKEN = 0.000_002
BUSY_SECONDS = 5.0


def utc_today() -> date:
    """Today, as the application's days are cut."""
    return datetime.now(UTC).date()


def create(path: Path, seed: int, today: date) -> None:
    """Write a year of plausible days, quieter at weekends, ending `today`."""
    rng = random.Random(seed)
    rows = [_plausible_day(rng, today - timedelta(days=back)) for back in range(366)]
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(
            "CREATE TABLE days (date TEXT PRIMARY KEY, messages INTEGER, threads INTEGER,"
            " cost REAL, input INTEGER, output INTEGER)"
        )
        database.executemany("INSERT INTO days VALUES (?, ?, ?, ?, ?, ?)", rows)


def _plausible_day(rng: random.Random, day: date) -> tuple[str, int, int, float, int, int]:
    """One row of the table."""
    messages = rng.randint(40, 90) if day.weekday() >= 5 else rng.randint(150, 320)
    tokens_in, tokens_out = messages * rng.randint(300, 500), messages * rng.randint(120, 240)
    cost = round((tokens_in + tokens_out) * PRICE_PER_TOKEN, 4)
    return day.isoformat(), messages, max(1, messages // 9), cost, tokens_in, tokens_out


class Timelines:
    """Reads and moves the timelines. Each call opens the file anew, so any thread may make it."""

    def __init__(self, path: Path, *, broken: bool = False, today: Callable[[], date] = utc_today) -> None:
        self._path = path
        self._broken = broken
        self._today = today

    def read(self, kind: str, period: str) -> list[dict[str, Any]]:
        """One row a day, the first day included, so that 7d gives 8.

        Raises KeyError for an unknown kind or period, sqlite3.Error when the query fails.
        """
        columns = COLUMNS[kind]
        since = (self._today() - timedelta(days=DAYS[period])).isoformat()
        misplaced = "LEFT JOIN days USING (date) " if self._broken else ""
        query = f"SELECT date, {', '.join(columns)} FROM days WHERE date >= ? {misplaced}ORDER BY date"
        with closing(self._open()) as database:
            rows = [dict(zip(("date", *columns), row, strict=True)) for row in database.execute(query, (since,))]
        if kind == "tokens":
            for row in rows:
                row["total"] = row["input"] + row["output"]
        return rows

    def record(self, *, tokens_in: int, tokens_out: int) -> None:
        """Add one message to today's row."""
        cost = (tokens_in + tokens_out) * PRICE_PER_TOKEN
        row = (self._today().isoformat(), cost, tokens_in, tokens_out)
        with closing(self._open()) as database, database:
            database.execute(
                "INSERT INTO days VALUES (?, 1, 1, ?, ?, ?) ON CONFLICT (date) DO UPDATE SET"
                " messages = messages + 1, cost = cost + excluded.cost,"
                " input = input + excluded.input, output = output + excluded.output",
                row,
            )

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=BUSY_SECONDS)
