"""Which two revisions a digest puts side by side."""

from __future__ import annotations

import pytest

from cockpit.logs.digest.result import Pair
from cockpit.tui.log_pair import pair_of
from cockpit.tui.log_reader import LogReader
from cockpit.tui.log_scope import Scope
from cockpit.tui.views.log_look import Look
from tests.tui import staged
from tests.tui.staged import CANARY, OLD, STABLE
from tests.tui.staged_logs import entry, staged_logs


@pytest.mark.parametrize(
    ("scope", "compared", "pair"),
    [
        (Scope(), (STABLE, CANARY), Pair(STABLE, CANARY)),
        (Scope(), (STABLE, "emergence-app-00280-new"), Pair(STABLE, "emergence-app-00280-new")),
        (Scope("analysed"), (STABLE, "emergence-app-00280-new"), None),
        (Scope("revision:00274"), (STABLE, CANARY), None),
        (Scope(revision=CANARY), (STABLE, CANARY), None),
        (Scope(instance="i"), (STABLE, CANARY), None),
        (Scope(), (STABLE, ""), None),
        (Scope(), ("", ""), Pair(STABLE, CANARY)),
        (Scope("revision:00275 or revision:00274"), ("", ""), Pair(OLD, STABLE)),
        (Scope("revision:00275"), ("", ""), None),
        (Scope("revision:00275 or revision:web"), ("", ""), None),
        (Scope("nothing-like-it"), ("", ""), None),
    ],
)
async def test_the_pair_is_of_what_is_shown(scope: Scope, compared: tuple[str, str], pair: Pair | None) -> None:
    logs = staged_logs(400)
    logs.put([entry(1, 400, revision=OLD), entry(2, 400, revision=""), entry(3, 400, revision="web-00300-abc")])
    reader = LogReader(logs, Look(), wall=lambda: staged.NOW)
    reader.look_in(scope)
    assert await pair_of(reader, compared) == pair
    reader.close()
