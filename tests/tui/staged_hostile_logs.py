"""`python -m tests.tui.staged_hostile_logs LOG`: the staged cockpit on a log of thirty kinds of hostile lines.

Without the net under everything that is drawn: what reaches the terminal was cleaned where it entered a view.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.logs.entry import Flag, Record, Severity
from cockpit.tui.terminal import own_screen
from tests.tui import staged
from tests.tui.staged import CANARY, STABLE
from tests.tui.staged_logs import StagedLogs, entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from textual.filter import LineFilter

KINDS: Mapping[str, str] = {
    "title": "\x1b]0;pwned\x07",
    "title, ended by ST": "\x1b]2;pwned\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07",
    "link": "\x1b]8;;http://pwned.example\x07x\x1b]8;;\x07",
    "notification": "\x1b]9;pwned\x07\x1b]777;notify;pwned;pwned\x07",
    "clear": "\x1b[2J\x1b[3J",
    "reset": "\x1bc",
    "cursor": "\x1b[66;66H",
    "scroll region": "\x1b[66;67r",
    "alternate screen": "\x1b[?1049l",
    "mouse": "\x1b[?1337h",
    "colour without end": "\x1b[38;5;199m",
    "report": "\x1b[6n\x1b[c",
    "device control": "\x1bP$qm\x1b\\",
    "application command": "\x1b_pwned\x1b\\\x1b^pwned\x1b\\",
    "charset": "\x0e\x1b(0",
    "half a sequence": "\x1b[",
    "eight-bit CSI": "\x9b2J",
    "eight-bit OSC": "\x9d0;pwned\x9c",
    "next line": "one\x85two\u2028three\u2029four",
    "carriage return": "all is well\rpwned",
    "backspace and bell": "pwned\x08\x08\x07\x7f",
    "NUL": "a\x00b",
    "tab and form feed": "\ta\x0b\x0cb",
    "bidi override": "\u202egnp.exe\u202c",
    "bidi isolate": "\u2066a\u2069\u200f\u061c",
    "invisible": "a\u200b\u2060\ufeff\xad\U000e0041b\u3164",
    "combining flood": "e" + "\u0301" * 5_000,
    "markup": "[bold red]x[/] [@click=app.exit]y[/] [/nothing] [link=http://pwned.example]z[/link]",
    "wide and joined": "日本\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f1e9\U0001f1ea",
    "two megabytes": "\x1b[66;68H" * 250_000,
    "lone surrogate": "a\ud800b",
}
"""What a line of a log may try, by what it is."""

HOSTILE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff\ud800-\udfff\U000e0041]"
    "|[\u0300-\u036f]{5}"
)
"""What of it must not reach a terminal."""


def records() -> Iterator[Record]:
    """Each kind as a line, a request, a traceback and a gap, and as the names that stand beside them."""
    for number, text in enumerate(KINDS.values()):
        name = text[:200]
        odd = {"revision": f"{name}-rev", "instance": name, "log": name, "agent": name}
        yield entry(4 * number, 200, text=f"{number} {text}", severity=Severity.ERROR, **odd)
        odd["revision"] = (STABLE, CANARY)[number % 2]
        yield entry(4 * number + 1, 200, text=f"/{name} 203.0.113.9  {name}", method=name[:12], status=500, **odd)
        told = f'Traceback (most recent call last):\n  File "{name}", line 1\n{name}\n{name}Error: {name}'
        yield entry(4 * number + 2, 200, text=told, flags=Flag.TRACEBACK, severity=Severity.ERROR, **odd)
        yield entry(4 * number + 3, 200, text=name, flags=Flag.GAP, log=name)


class HostileLogs(StagedLogs):
    """Says what it likes in payloads as well: keys, texts, and what nests."""

    async def payload(self, row: int) -> Mapping[str, object]:
        """A payload whose every word is the entry's text."""
        said = self.store.row(row).text[:10_000]
        return {"textPayload": said, said[:99]: {said[:50]: [said, 1, {said: None}]}, "labels": {"a\nb": said}}

    def command(self, _pushed: object = None) -> str:
        """A command that says what it likes."""
        return f"gcloud logging read '{''.join(KINDS.values())[:2_000]}'"


def hostile_logs() -> HostileLogs:
    """A log of all kinds, whose name and trouble are hostile, too."""
    logs = HostileLogs()
    logs.put(list(records()))
    everything = " ".join(text[:60] for text in KINDS.values())
    problem = Problem("unreachable", everything, everything)
    logs.stand(source=everything, feed=Feed("logs", FeedState.STALE, staged.AT - 40, problem))
    return logs


def main(log: str) -> int:
    """Run the app as the command line does, but without the net; the exit code."""
    app = staged.cockpit(staged.healthy(), logs=hostile_logs())

    def no_net() -> Sequence[LineFilter]:
        return []

    app.get_line_filters = no_net  # type: ignore[method-assign]
    with own_screen(Path(log)):
        app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
