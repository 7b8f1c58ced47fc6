"""An alert that begins to fire rings once, and nothing of it drives the terminal."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.metrics.picture import MetricsPicture
from cockpit.metrics.alerts import Alert, AlertState
from cockpit.metrics.labels import labels_of
from cockpit.tui.ringing import LONGEST, Ringer, notification
from tests.simulated import Local, running_simulator
from tests.terminal import Terminal
from tests.tui.staged import healthy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cockpit.live.snapshot import Snapshot

OSC_9 = b"\x1b]9;"
POINTER_SHAPE = re.compile(rb"\x1b\]22;[a-z]+\x07")
"""Textual's own, which ends with a bell that does not ring."""


def alert(rule: str, state: AlertState = AlertState.FIRING, revision: str = "", summary: str = "") -> Alert:
    labels = labels_of({"alertname": rule, "revision": revision})
    return Alert(rule, "group", state, labels=labels, annotations=(("summary", summary),))


def showing(*alerts: Alert) -> Snapshot:
    return replace(healthy(), metrics=MetricsPicture(alerts=alerts))


def heard(how: str, *snapshots: Snapshot) -> list[str]:
    """What the terminal gets while these snapshots come."""
    written: list[str] = []
    ringer = Ringer(how, written.append)
    for snapshot in snapshots:
        ringer.hear(snapshot)
    return written


def test_an_alert_rings_when_it_begins_to_fire_and_not_while_it_does() -> None:
    pending, firing = alert("Slow", AlertState.PENDING), alert("Slow")
    assert heard("bell", showing(), showing(pending), showing(firing), showing(firing)) == ["\x07"]


def test_another_revision_and_another_time_ring_again() -> None:
    first, second = alert("Slow", revision="a"), alert("Slow", revision="b")
    assert len(heard("bell", showing(first), showing(first, second), showing(second), showing(first))) == 3


def test_several_at_once_ring_once() -> None:
    assert heard("bell", showing(alert("Slow"), alert("Failing"))) == ["\x07"]
    [told] = heard("notification", showing(alert("Slow"), alert("Failing", summary="14 % fail")))
    assert told == "\x1b]9;cockpit: emergence-app: Slow; Failing: 14 % fail\x07"


def test_a_snapshot_without_metrics_forgets_nothing() -> None:
    assert len(heard("bell", showing(alert("Slow")), healthy(), showing(alert("Slow")))) == 1


def test_another_service_has_alerts_of_its_own() -> None:
    one = showing(alert("Slow"))
    other = replace(one, ref=replace(one.ref, service="another-app"))
    assert len(heard("bell", one, other)) == 2


def test_nothing_is_sent_unless_wanted() -> None:
    assert heard("none", showing(), showing(alert("Slow"))) == []


@pytest.mark.parametrize("text", ["\x1b]0;pwned\x07", "a\x9cb", "a\x07b", "one\ntwo\r", "\x18\x1a", "x" * 5000])
def test_words_from_outside_end_no_sequence_and_begin_none(text: str) -> None:
    told = notification(text, [alert(text, summary=text)])
    inner = told.removeprefix("\x1b]9;cockpit: ").removesuffix("\x07")
    assert inner.isprintable()
    assert len(told) < LONGEST + 10


CONFIG = """
[journal]
path = "{folder}/journal"
[log]
file = "{folder}/log"
[metrics]
notify = "{how}"
[[metrics.groups]]
name = "always"
[[metrics.groups.rules]]
alert = "AlwaysFiring"
expr = "vector(1) > 0"
[metrics.groups.rules.annotations]
summary = "it is {{{{ $value }}}} \\u001b]0;pwned\\u0007\\u009b2J"
"""


@pytest.fixture(scope="module")
def local() -> Iterator[Local]:
    """A service that nobody asks anything."""
    with running_simulator("healthy", "--load", "0") as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("how", ["none", "bell", "notification"])
def test_the_terminal_gets_what_settings_say(tmp_path: Path, local: Local, how: str) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(folder=tmp_path, how=how), encoding="utf-8")
    where = ["--config", str(config), "--endpoint", local.endpoint, "--service", local.service]
    with Terminal([sys.executable, "-m", "cockpit", *where], columns=160) as terminal:
        terminal.wait_text("▲ 1 alert")
        terminal.settle(1.0, 5.0)  # the next readings ring no more
        sent = POINTER_SHAPE.sub(b"", bytes(terminal.raw))
        assert "pwned" not in terminal.screen.title
    told = "\x1b]9;cockpit: emergence-app: AlwaysFiring: it is 1 ␛]0;pwned␇�2J\x07".encode()
    assert sent.count(OSC_9) == sent.count(told) == (how == "notification")
    assert sent.count(b"\x07") == (how != "none")
    assert b"\x1b]0;" not in sent
