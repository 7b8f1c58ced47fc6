"""What the log's entries tell: instances that start and die, errors of new kinds, and how many errors."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from cockpit.live.events.errors import MOST_A_MINUTE, SETTLED_AFTER
from cockpit.live.events.lines import LineWatch
from cockpit.logs import error_volume
from cockpit.logs.entry import Flag, Record, Severity
from cockpit.logs.error_volume import ErrorVolume
from cockpit.logs.moment import SECOND
from cockpit.logs.names import Names
from cockpit.logs.segment import SegmentBuilder
from cockpit.logs.store import LogStore
from cockpit.release.events import Event, EventKind

SERVICE = "emergence-app"
STABLE, CANARY = f"{SERVICE}-00275-2jb", f"{SERVICE}-00279-kub"
BEGUN = 1_763_726_400.0
"""When the session began, epoch seconds: the beginning of ten seconds."""
SETTLED = BEGUN + SETTLED_AFTER
STARTS = "Starting new instance. Reason: AUTOSCALING - Instance started due to traffic."
TRACEBACK = (
    "Traceback (most recent call last):\n"
    '  File "/app/backend/llm.py", line 12, in ask\n'
    "    raise ProviderError(message)\n"
    "backend.llm.ProviderError: provider timeout after 31 s"
)


def platform(after: float, text: str, *, instance: str = "00bf4b01", revision: str = CANARY) -> Record:
    """What the platform says of an instance, so many seconds after the beginning."""
    return Record(_ns(after), text, Severity.INFO, revision=revision, instance=instance, log="varlog/system")


def error(
    after: float,
    text: str,
    *,
    flags: int = 0,
    log: str = "stderr",
    severity: int = Severity.ERROR,
    status: int = 0,
) -> Record:
    """An entry that the service logged as an error."""
    return Record(_ns(after), text, severity, flags, CANARY, "00bf4b01", log, status=status)


def _ns(after: float) -> int:
    return round((BEGUN + after) * 1000) * (SECOND // 1000)


@dataclass
class Log:
    """A store, and who looks at it."""

    store: LogStore = field(default_factory=lambda: LogStore(Names(), most=100_000, most_bytes=1 << 26))

    def __post_init__(self) -> None:
        self.watch = LineWatch(self.store, SERVICE, BEGUN)

    def add(self, *records: Record) -> None:
        """Entries come."""
        builder = SegmentBuilder(self.store.names)
        for record in records:
            builder.keep(record)
        self.store.append(builder.build())

    def instances(self, *records: Record) -> list[Event]:
        """What happened to instances with these entries."""
        self.add(*records)
        return sorted(self.watch.look(SETTLED).seen, key=lambda event: event.at)

    def errors(self, *records: Record, now: float = SETTLED + 1) -> list[Event]:
        """Which errors are new with these entries, once nothing belongs to them any more."""
        self.add(*records)
        found = [*self.watch.look(now).told, *self.watch.look(now).told]
        return sorted(found, key=lambda event: event.at)


def test_an_instance_starts_and_dies_in_the_platform_s_words_and_at_its_times() -> None:
    log = Log()
    [started] = log.instances(platform(1.5, STARTS))
    assert (started.kind, started.at, started.revision) == (EventKind.INSTANCE_STARTED, BEGUN + 1.5, CANARY)
    assert started.text == "instance …00bf4b01 of 00279-kub started: autoscaling"
    [died] = log.instances(platform(2.5, "Container terminated on signal 9."))
    assert (died.kind, died.at) == (EventKind.INSTANCE_DIED, BEGUN + 2.5)
    assert died.text == "instance …00bf4b01 of 00279-kub died: signal 9"


def test_an_instance_that_never_started_says_so() -> None:
    [event] = Log().instances(platform(0, "The user-provided container failed to start and listen on the port"))
    assert event.text == "instance …00bf4b01 of 00279-kub did not start: failed to start"


def test_what_else_the_platform_says_is_no_event() -> None:
    assert Log().instances(platform(0, "Default STARTUP TCP probe succeeded after 1 attempt for container")) == []


def test_instances_of_one_moment_are_one_event_that_grows() -> None:
    log = Log()
    [one] = log.instances(platform(3, STARTS, instance="a" * 10))
    [two] = log.instances(platform(2, STARTS, instance="b" * 10), platform(2, STARTS, instance="b" * 10))
    assert two.key == one.key
    assert (two.text, two.at) == ("2 instances of 00279-kub started: autoscaling", BEGUN + 2)
    assert dict(two.details)["instances"] == f"{'b' * 10}, {'a' * 10}"
    assert log.instances() == []


def test_instances_of_another_revision_moment_or_end_are_events_of_their_own() -> None:
    found = Log().instances(
        platform(1, STARTS),
        platform(1, STARTS, revision=STABLE, instance="s"),
        platform(21, STARTS),
        platform(22, "Container called exit(1)."),
        platform(22, "Container terminated on signal 9.", instance="other"),
    )
    assert len({event.key for event in found}) == len(found) == 5


def test_a_new_kind_of_error_is_told_once_with_its_time_and_place() -> None:
    log = Log()
    [event] = log.errors(error(12, TRACEBACK, flags=Flag.TRACEBACK))
    assert (event.kind, event.at, event.revision) == (EventKind.ERROR_NEW, BEGUN + 12, CANARY)
    assert event.text == "new error: ProviderError: provider timeout after 31 s"
    assert dict(event.details)["where"] == "backend/llm.py in ask"
    assert log.errors(error(13, TRACEBACK.replace("31 s", "77 s"), flags=Flag.TRACEBACK)) == []


def test_a_line_and_the_traceback_behind_it_are_one_error_even_when_they_come_apart() -> None:
    log = Log()
    log.add(error(12, "ERROR the analysis failed"))
    log.watch.look(SETTLED + 1)
    [event] = log.errors(error(12.05, TRACEBACK, flags=Flag.TRACEBACK))
    assert "ProviderError" in event.text


def test_a_line_that_no_traceback_follows_is_an_error_of_its_own() -> None:
    [event] = Log().errors(error(12, "2025-10-10 02:12:27,931 ERROR [backend.api] no row 4711"))
    assert event.text == "new error: [backend.api] no row 4711"


def test_what_was_there_before_the_session_is_nothing_new_even_where_it_is_listed_late() -> None:
    log = Log()
    log.add(error(2, "disk quota exceeded on vol-7"))
    assert log.watch.look(BEGUN + 3).told == ()
    log.add(error(-300, "disk quota exceeded on vol-3"))
    assert log.errors() == []


def test_warnings_gaps_and_bare_answers_are_no_errors_and_what_the_platform_added_is() -> None:
    found = Log().errors(
        error(11, "a warning", severity=Severity.WARNING),
        error(11, "entries are missing", flags=Flag.GAP),
        error(11, "/api/chat 198.51.100.7", log="requests", status=500),
        error(12, "/api/chat 198.51.100.7  The request was aborted", log="requests", status=503),
    )
    assert [event.text for event in found] == ["new error: The request was aborted"]


def test_of_too_many_kinds_in_a_minute_the_rest_is_one_event_that_counts() -> None:
    words = (
        "alpha",
        "beta",
        "gamma",
        "delta",
        "epsilon",
        "zeta",
        "eta",
        "theta",
        "iota",
        "kappa",
        "mu",
        "nu",
        "xi",
    )
    found = Log().errors(*(error(11 + n / 10, f"{word} is broken") for n, word in enumerate(words)))
    rest = {event.key: event for event in found if "more kind" in event.text}
    assert len(found) - len([event for event in found if event.key in rest]) == MOST_A_MINUTE
    assert [event.text for event in rest.values()] == [
        f"new errors: {len(words) - MOST_A_MINUTE} more kinds in this minute"
    ]


def test_the_same_kind_on_the_same_day_has_one_key_in_two_sessions() -> None:
    [one], [other] = (Log().errors(error(at, "no row 4711")) for at in (12, 600))
    assert one.key == other.key
    [tomorrow] = Log().errors(error(86_400, "no row 4711"), now=BEGUN + 90_000)
    assert tomorrow.key != one.key


def test_errors_are_counted_along_time_and_nothing_is_known_of_before() -> None:
    log = Log()
    volume = ErrorVolume(log.store)
    assert list(volume.along(BEGUN, BEGUN + 10, 2)) == [None, None]
    log.add(error(4, "one"), error(6, "two"), error(7, "gap", flags=Flag.GAP), platform(3, STARTS))
    assert volume.look()
    assert not volume.look()
    assert list(volume.along(BEGUN, BEGUN + 10, 5)) == [None, 0, 1, 1, 0]
    log.add(error(6.5, "three"))
    volume.look()
    assert list(volume.along(BEGUN - 10, BEGUN + 10, 4)) == [None, None, 1, 2]


@pytest.mark.parametrize("hours", [0.01, 1, 24, 24 * 90])
def test_no_error_is_lost_at_any_length_of_time(hours: float) -> None:
    log = Log()
    volume = ErrorVolume(log.store)
    log.add(*(error(-at, "old") for at in (0.5, 20, 3000, 80_000, 7_000_000) if at < hours * 3600))
    volume.look()
    counts = volume.along(BEGUN - hours * 3600, BEGUN, 180)
    assert sum(count or 0 for count in counts) == len(log.store)


def test_errors_are_remembered_when_their_entries_have_left_and_only_so_many_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    most = 2_000
    monkeypatch.setattr(error_volume, "MOST_STEPS", most)
    store = LogStore(Names(), most=1000, most_bytes=1 << 26)
    log = Log(store)
    volume = ErrorVolume(store)
    for part in range(most // 500 + 20):
        log.add(*(error(part * 500 + at, "again") for at in range(500)))
        volume.look()
    count = most + 20 * 500
    assert sum(each or 0 for each in volume.along(BEGUN, BEGUN + count, 10)) == count
    recent = volume.along(BEGUN + count - 60, BEGUN + count, 60)
    assert list(recent) == [1] * 60
