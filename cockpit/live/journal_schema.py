"""The journal's tables, and the way from rows to changes and back.

Times are ISO 8601 in UTC, splits JSON lists of targets, so that the file reads well in the sqlite3 shell.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from cockpit.live.rollback import SplitSeen
from cockpit.live.snapshot import Change, Outcome, Phase, Problem, Sides
from cockpit.release.plan import Intent
from cockpit.release.service import ServiceRef
from cockpit.release.traffic import Target

if TYPE_CHECKING:
    import sqlite3

    from cockpit.release.traffic import Split

MIGRATIONS = (
    """
    CREATE TABLE changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project TEXT NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL,
        intent TEXT NOT NULL, actor TEXT NOT NULL, started TEXT NOT NULL,
        before TEXT NOT NULL, after TEXT NOT NULL, etag TEXT NOT NULL, generation INTEGER NOT NULL,
        operation TEXT NOT NULL DEFAULT '', sent TEXT, ended TEXT,
        outcome TEXT, generation_after INTEGER NOT NULL DEFAULT 0, time_to_serving REAL,
        problem_kind TEXT, problem_text TEXT, problem_mend TEXT,
        found TEXT, found_generation INTEGER, found_modifier TEXT,
        recovered INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX changes_of_service ON changes (project, region, service, id);
    CREATE TABLE splits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        project TEXT NOT NULL, region TEXT NOT NULL, service TEXT NOT NULL,
        at TEXT NOT NULL, split TEXT NOT NULL, latest_ready TEXT NOT NULL,
        generation INTEGER NOT NULL, modifier TEXT NOT NULL
    );
    CREATE INDEX splits_of_service ON splits (project, region, service, id);
    """,
)
"""What brings a file from one version to the next; a file's version is how many of them it has seen."""

OF_SERVICE = "project = :project AND region = :region AND service = :service"

INSERT_CHANGE = """
    INSERT INTO changes
        (project, region, service, intent, actor, started, before, after, etag, generation)
    VALUES
        (:project, :region, :service, :intent, :actor, :started, :before, :after, :etag, :generation)
"""

MARK_SENT = "UPDATE changes SET operation = :operation, sent = :sent WHERE id = :id"

CONCLUDE_CHANGE = """
    UPDATE changes SET
        ended = :ended, outcome = :outcome, operation = :operation, generation_after = :generation_after,
        time_to_serving = :time_to_serving, problem_kind = :problem_kind, problem_text = :problem_text,
        problem_mend = :problem_mend, found = :found, found_generation = :found_generation,
        found_modifier = :found_modifier, recovered = :recovered
    WHERE id = :id
"""

INSERT_SPLIT = """
    INSERT INTO splits (project, region, service, at, split, latest_ready, generation, modifier)
    VALUES (:project, :region, :service, :at, :split, :latest_ready, :generation, :modifier)
"""

Value = str | int | float | None


def names(ref: ServiceRef) -> dict[str, Value]:
    """The parameters of `OF_SERVICE`."""
    return {"project": ref.project, "region": ref.region, "service": ref.service}


def intended(change: Change) -> dict[str, Value]:
    """The parameters of `INSERT_CHANGE`."""
    return {
        **names(change.ref),
        "intent": change.intent.value,
        "actor": change.actor,
        "started": change.started.isoformat(),
        "before": pack(change.before),
        "after": pack(change.after),
        "etag": change.etag,
        "generation": change.generation,
    }


def concluded(change: Change, ended: datetime) -> dict[str, Value]:
    """The parameters of `CONCLUDE_CHANGE`."""
    problem, sides = change.problem, change.sides
    return {
        "id": change.id,
        "ended": ended.isoformat(),
        "outcome": change.outcome.value if change.outcome else None,
        "operation": change.operation,
        "generation_after": change.generation_after,
        "time_to_serving": change.time_to_serving,
        "problem_kind": problem.kind if problem else None,
        "problem_text": problem.text if problem else None,
        "problem_mend": problem.mend if problem else None,
        "found": pack(sides.found) if sides else None,
        "found_generation": sides.found_generation if sides else None,
        "found_modifier": sides.found_modifier if sides else None,
        "recovered": int(change.recovered),
    }


def seen(ref: ServiceRef, split: SplitSeen) -> dict[str, Value]:
    """The parameters of `INSERT_SPLIT`."""
    return {
        **names(ref),
        "at": split.at.isoformat(),
        "split": pack(split.split),
        "latest_ready": split.latest_ready,
        "generation": split.generation,
        "modifier": split.modifier,
    }


def change_of(row: sqlite3.Row) -> Change:
    """A change as the journal has it: under way where it has no outcome."""
    before, after = unpack(row["before"]), unpack(row["after"])
    problem = (
        Problem(row["problem_kind"], row["problem_text"], row["problem_mend"]) if row["problem_kind"] else None
    )
    found = row["found"]
    return Change(
        id=row["id"],
        ref=ServiceRef(row["project"], row["region"], row["service"]),
        intent=Intent(row["intent"]),
        before=before,
        after=after,
        phase=Phase.DONE if row["outcome"] else Phase.WRITING,
        actor=row["actor"],
        started=datetime.fromisoformat(row["started"]),
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        problem=problem,
        sides=Sides(before, after, unpack(found), row["found_generation"], row["found_modifier"])
        if found
        else None,
        operation=row["operation"],
        etag=row["etag"],
        generation=row["generation"],
        generation_after=row["generation_after"],
        time_to_serving=row["time_to_serving"],
        recovered=bool(row["recovered"]),
    )


def split_of(row: sqlite3.Row) -> SplitSeen:
    """A split as the journal has it."""
    at = datetime.fromisoformat(row["at"])
    return SplitSeen(at, unpack(row["split"]), row["latest_ready"], row["generation"], row["modifier"])


def pack(split: Split) -> str:
    """An exact split as JSON."""
    return msgspec.json.encode(split).decode()


def unpack(packed: str) -> Split:
    """The exact split that was packed."""
    return msgspec.json.decode(packed, type=tuple[Target, ...])
