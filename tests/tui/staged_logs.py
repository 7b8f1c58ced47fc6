"""A log without a world behind it: entries are put there by hand, in a real store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cockpit.live.logs.reading import LogsState, Mode
from cockpit.live.snapshot import Feed, FeedState, Problem
from cockpit.logs.entry import Flag, Record, Severity
from cockpit.logs.names import Names
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import LogStore
from tests.tui import staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cockpit.live.logs.reading import Broken
    from cockpit.logs.query.pushdown import Pushed

SECOND = 1_000_000_000
NOW = int(staged.NOW.timestamp()) * SECOND
INSTANCE = "0069c7a988" + "0" * 48 + "{:06x}"
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/app/backend/neo.py", line 88, in analyse\n'
    "    answer = await provider.ask(prompt)\n"
    "TimeoutError: provider timeout"
)


def entry(number: int, count: int, **changes: object) -> Record:
    """Entry `number` of `count`, four a second, the last one now: requests, what the app says, some errors."""
    canary = number % 5 == 0
    time = NOW - (count - number) * SECOND // 4
    made = Record(
        time,
        f"analysed thread {number} in {number % 90} ms",
        Severity.INFO,
        revision=staged.CANARY if canary else staged.STABLE,
        instance=INSTANCE.format(number % 3),
        log="stderr",
        trace=f"{number // 4 + 1:016x}{0:016x}",
    )
    if number % 4 == 1:
        failed = number % 40 == 5
        made = made._replace(
            text=f"/api/memory/analyze?thread={number} 203.0.113.9",
            severity=Severity.ERROR if failed else Severity.INFO,
            log="requests",
            method="POST",
            status=500 if failed else 200,
            latency=1.234 if failed else 0.013,
        )
    elif number % 100 == 50:
        made = made._replace(text=TRACEBACK, severity=Severity.ERROR, flags=Flag.TRACEBACK)
    elif number % 25 == 7:
        made = made._replace(text="provider is slow: 4.1 s, next in line is neo", severity=Severity.WARNING)
    return made._replace(**changes)  # type: ignore[arg-type]


def entries(count: int) -> list[Record]:
    """`count` entries, the newest of them now."""
    return [entry(number, count) for number in range(count)]


STREAMING = LogsState("emergence-app", Mode.STREAMING, Feed("logs", FeedState.LIVE, staged.AT))


@dataclass
class StagedLogs:
    """A `Logs` whose entries are put there by hand. `older_ones` come when older ones are asked for."""

    most: int = 1_000_000
    older_ones: list[Record] = field(default_factory=list)
    state: LogsState = STREAMING
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = Names()
        self.store = LogStore(self.names, most=self.most, most_bytes=1 << 30)
        self._watchers: list[Callable[[], None]] = []

    def put(self, records: Iterable[Record]) -> None:
        """More entries, in one segment."""
        builder = SegmentBuilder(self.names)
        for record in records:
            builder.add(record)
        self.store.append(builder.build())
        self.tell()

    def stand(self, **changes: object) -> None:
        """The log stands differently."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.tell()

    def tell(self) -> None:
        """Call whoever subscribed."""
        for watcher in tuple(self._watchers):
            watcher()

    @property
    def watched(self) -> int:
        """How many are subscribed."""
        return len(self._watchers)

    def subscribe(self, changed: Callable[[], None]) -> Callable[[], None]:
        """Call `changed` after every change."""
        self._watchers.append(changed)
        return lambda: self._watchers.remove(changed)

    async def older(self, pushed: Pushed | None = None) -> int:
        """The older ones, once."""
        self.asked.append(pushed.text if pushed else "")
        found, self.older_ones = self.older_ones, []
        if found:
            self.put(found)
        self.stand(whole=True)
        return len(found)

    async def payload(self, row: int) -> Mapping[str, object]:
        """What there is of a row."""
        found = self.store.row(row)
        return {"textPayload": found.text, "severity": found.severity.name}

    def broken(self) -> Sequence[Broken]:
        """None."""
        return ()

    def command(self, pushed: Pushed | None = None) -> str:
        """As gcloud."""
        return f"gcloud logging read '{pushed.text if pushed else ''}' --project emergence-469005"


def staged_logs(count: int = 2_000, **given: object) -> StagedLogs:
    """A log of `count` entries."""
    logs = StagedLogs(**given)  # type: ignore[arg-type]
    if count:
        logs.put(entries(count))
    return logs


class HostileLogs(StagedLogs):
    """What was logged of a row has the text for keys and values, once one in the other without end."""

    async def payload(self, row: int) -> Mapping[str, object]:
        """Everything that JSON has."""
        text = self.store.row(row).text
        deep: dict[str, object] = {}
        inner = deep
        for _ in range(500):
            inner[text[:40]] = inner = {}
        return {"textPayload": text, text[:200]: [text, f"one\n{text}", None, 1.5, True], "deep": deep}


def hostile_logs(text: str) -> HostileLogs:
    """A log in which the outside says what it likes wherever it can: texts, names, methods, and what failed."""
    logs = HostileLogs()
    odd = {"revision": f"emergence-app-{text}", "instance": text, "log": text, "agent": text}
    logs.put(
        [
            entry(0, 0, text=text * 3, severity=Severity.ERROR, **odd),
            entry(1, 0, text=f"/{text} 203.0.113.9", method=text, status=500, latency=0.1, **odd),
            entry(2, 0, text=f"Traceback (most recent call last):\n{text}\n{text}", flags=Flag.TRACEBACK),
            entry(3, 0, text=text, flags=Flag.GAP),
            entry(4, 0, text=text * 100_000),
        ]
    )
    problem = Problem("unreachable", text, text)
    logs.stand(source=text, feed=Feed("logs", FeedState.STALE, staged.AT - 40, problem))
    return logs
