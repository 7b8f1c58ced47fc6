"""A failed revision says why wherever it is shown: in its row, and among its facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cockpit.live.snapshot import Snapshot
from cockpit.tui.views.revision_rows import rows
from cockpit.tui.widgets.revision_facts import sections
from tests.tui import staged


def shown(snapshot: Snapshot, name: str) -> set[str]:
    """How it stands, in the table and among the facts."""
    [row] = [row for row in rows(snapshot) if row.name == name]
    [revision] = [each for each in snapshot.revisions if each.name == name]
    facts = [fact for section in sections(snapshot, revision) for fact in section.facts if fact.label == "state"]
    return {str(row.standing), str(facts[0].value)}


@pytest.mark.parametrize(
    ("name", "standing"),
    [(staged.BROKEN, "failed: No module named 'backend'"), (staged.STABLE, "serving")],
)
def test_what_it_said_last_is_why_and_only_of_those_that_failed(name: str, standing: str) -> None:
    words = dict.fromkeys((staged.BROKEN, staged.STABLE), "No module named 'backend'")
    assert shown(replace(staged.healthy(), last_words=words), name) == {standing}


def test_what_it_said_is_cleaned() -> None:
    words = {staged.BROKEN: "\x1b]0;mine\x07No \x1b[31mway"}
    assert all("\x1b" not in text for text in shown(replace(staged.healthy(), last_words=words), staged.BROKEN))
