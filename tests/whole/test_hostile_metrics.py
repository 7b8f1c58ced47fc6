"""Metrics of an application that is broken or means harm, from the socket to the lines of the signals pane.

Each time: a named state in the pane, the other revision's numbers beside it, no traceback, and no more time and
memory than is allowed.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tracemalloc
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from cockpit.live.snapshot import FeedState
from cockpit.metrics.alerts import AlertState
from cockpit.metrics.rules.files import read_rules
from cockpit.metrics.signals.signal import Better, Kind, Signal
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from cockpit.tui.views.alerts import alert_lines
from cockpit.tui.views.signal_rows import pair, rows
from cockpit.tui.views.signals import signals
from tests.live.clocks import FakeClock
from tests.live.metrics.watching import HABITS, TEXT, Watching, watching
from tests.sources.hostile import hostile_server
from tests.sources.local import CANARY, STABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sources.hostile import Behaviour, Exchange, Hostile

LIMIT = 64 * 1024
QUICK = replace(HABITS, scrape=replace(HABITS.scrape, timeout=0.3, most=LIMIT), memory_mebibytes=4)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n"
PROCESS = b"process_start_time_seconds 1.7e9\n"
CONTROLS = frozenset(map(chr, (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x2066, 0x2028)))


@pytest.fixture
def fake() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture(autouse=True)
def no_mistakes_of_ours(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever comes in, nothing of ours may fail over it."""
    yield
    assert not [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def pane(on: Watching, cells: int = 200) -> list[str]:
    """The lines of the signals pane."""
    snapshot, picture = on.snapshot, on.picture
    compared = pair(picture, "")
    found = signals(snapshot, picture, compared, rows(picture, compared), slots={}, cells=cells)
    return [line.text for line in found]


def row(on: Watching, title: str) -> str:
    """The line of one signal."""
    return next(line for line in pane(on) if line.startswith(f" {title} "))


async def endless(exchange: Exchange) -> None:
    """A body without end, as fast as it is taken."""
    await exchange.send(HEAD)
    while True:
        await exchange.send(b"up 1\n" * 10_000)


async def dripping(exchange: Exchange) -> None:
    """A byte now and then."""
    await exchange.send(HEAD)
    while True:
        await exchange.send(b"u")
        await asyncio.sleep(0.02)


async def cut_off(exchange: Exchange) -> None:
    """Less than was announced."""
    await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nup 1\n")
    exchange.writer.close()


def always(status: str, body: bytes = b"", *headers: str) -> Behaviour:
    """The same answer each time."""

    async def behave(exchange: Exchange) -> None:
        await exchange.answer(status, body, *headers)

    return behave


REFUSED = {
    "endless": (endless, "too-large", "answers with more than 64 KiB · check the path, or raise the limit"),
    "dripping": (dripping, "unreachable", "no whole answer from 127.0.0.1:PORT within 0.3 s"),
    "cut off": (cut_off, "unreadable", "the answer of 127.0.0.1:PORT broke off"),
    "huge": (always("200 OK", b"up 1\n" * LIMIT, TEXT), "too-large", "more than 64 KiB"),
    "redirected": (
        always("302 Found", b"", "location: https://evil.example/login"),
        "redirected",
        "redirected to evil.example, not followed",
    ),
    "401": (always("401 Unauthorized"), "unauthenticated", "answers 401 · give it the header it wants"),
    "403": (always("403 Forbidden"), "denied", "answers 403 · give it the header it wants"),
    "404": (
        always("404 Not Found"),
        "not-found",
        "nothing at http://127.0.0.1:PORT/metrics (404) · check the path",
    ),
    "500": (always("500 Internal Server Error"), "broken", "answers 500 · its logs tell more"),
    "a login page": (
        always("200 OK", b"<html><title>Sign \x1b[2J[bold]in</title>", "content-type: text/html"),
        "unreadable",
        "not metrics but a web page: “Sign ␛[2J[bold]in”",
    ),
    "JSON": (always("200 OK", b'{"up": 1}', TEXT), "unreadable", 'not metrics but JSON: “{"up": 1}”'),
    "binary": (always("200 OK", bytes(range(256)), TEXT), "unreadable", "not metrics but binary data"),
    "truncated": (
        always("200 OK", b'up{code="2', TEXT),
        "unreadable",
        'its label set is not closed: “up{code="2”',
    ),
    "empty": (always("200 OK", b"", TEXT), "unreadable", "the answer is empty"),
    "switched off": (
        always("200 OK", b"# \x1b]0;pwned\x07[bold red]off[/]\n", TEXT),
        "switched-off",
        "gives no metrics and says: ␛]0;pwned␇[bold red]off[/]",
    ),
}


@pytest.mark.parametrize(("behave", "kind", "words"), REFUSED.values(), ids=REFUSED)
async def test_what_is_no_metrics_is_named_and_spoils_nothing(
    fake: FakeClock, behave: Behaviour, kind: str, words: str
) -> None:
    """From the start: no data there, never a pass; the stable revision's numbers beside it."""
    async with watching(fake, QUICK) as on:
        on.canary.behaves["/metrics"] = behave
        await on.passing(12.0)
        problem = on.target.feed.problem
        assert problem is not None
        assert (problem.kind, on.picture.problem, on.target.feed.state) == (kind, None, FeedState.FAILED)
        found = pane(on)
        assert words.replace("PORT", str(on.canary.port)) in found[1]
        assert found[1].startswith(" ! 00279-kub: ")
        assert "1.00 %" in row(on, "errors")
        assert "no data" in row(on, "errors")
        assert "? unknown" in row(on, "errors")
        assert not CONTROLS.intersection("".join(found))


@pytest.mark.parametrize("name", ["endless", "dripping", "500", "redirected"])
async def test_the_last_good_values_stay_with_their_age(fake: FakeClock, name: str) -> None:
    """Well for a minute, then not: the numbers are those of then, said to be old, and no pass."""
    behave, _, words = REFUSED[name]
    async with watching(fake, QUICK) as on:
        on.canary_app.errors = 0.01
        await on.passing(70.0)
        good = row(on, "requests").split()
        on.canary.behaves["/metrics"] = behave
        await on.passing(90.0)
        [why] = [line for line in pane(on) if line.startswith(" ! ")]
        assert words.replace("PORT", str(on.canary.port)) in why
        assert re.search(r"last scraped 1 min 3\d s ago", why)
        kept = row(on, "requests").split()
        assert kept[:2] == good[:2]
        assert float(kept[4]) == pytest.approx(float(good[4]), rel=0.1)
        assert "ok" not in row(on, "errors")
        assert "1.00 %" in row(on, "errors")


async def test_values_that_are_no_numbers_are_no_data(fake: FakeClock) -> None:
    """NaN and infinities are kept as they are, and judged by nobody."""
    page = PROCESS + b'# TYPE http_requests_total counter\nhttp_requests_total{code="200"} NaN\n'
    page += b'http_requests_total{code="500"} +Inf\n# TYPE queue_length gauge\nqueue_length -Inf\n'
    queue = Signal("queue", "queue", Kind.GAUGE, ("queue_length",), better=Better.LOWER)
    async with watching(fake, replace(QUICK, signals=(queue,))) as on:
        on.canary.always("/metrics", "200 OK", page, TEXT)
        await on.passing(12.0)
        for title in ("requests", "errors", "queue"):
            assert "no data" in row(on, title)
        assert not {"nan", "inf"}.intersection(" ".join(pane(on)).lower().split())


async def test_series_that_stand_there_twice_are_said(fake: FakeClock) -> None:
    """The first counts, as for Prometheus."""
    async with watching(fake, QUICK) as on:
        on.canary_app.more = 'http_requests_total{code="200"} 1e9\nhttp_requests_total{code="500"} 0\n'
        await on.passing(12.0)
        assert any("their series stands there twice: 2" in line for line in pane(on))
        assert "15.0 %" in row(on, "errors")


async def test_label_sets_that_explode_stay_in_their_memory(fake: FakeClock) -> None:
    """A thousand new series a scrape: the oldest samples go, and what is watched stays right."""
    habits = replace(QUICK, scrape=replace(QUICK.scrape, most=1 << 20, timeout=5.0))
    async with watching(fake, habits) as on:

        @on.canary.on("/metrics")
        async def _(exchange: Exchange) -> None:
            at = len(on.canary.received)
            more = "".join(f'leak{{user="{at}-{number}"}} 1\n' for number in range(1000))
            await exchange.answer("200 OK", on.canary_app.page + more.encode(), TEXT)

        await on.passing(30.0)
        tracemalloc.start()
        await on.passing(120.0)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        usage = on.means.telemetry.usage
        assert usage is not None
        assert usage.bytes <= habits.memory_mebibytes << 20
        assert usage.crowded_out + usage.refused > 0
        assert peak < 48 << 20
        assert "15.0 %" in row(on, "errors")


async def test_series_that_have_no_room_are_said_to_be_missing(fake: FakeClock) -> None:
    habits = replace(QUICK, scrape=replace(QUICK.scrape, most=4 << 20, timeout=5.0), memory_mebibytes=1)
    async with watching(fake, habits) as on:
        await on.passing(12.0)
        assert not any("some are missing" in line for line in pane(on))

        @on.canary.on("/metrics")
        async def _(exchange: Exchange) -> None:
            more = "".join(f'wide{{n="{number}"}} 1\n' for number in range(20_000))
            await exchange.answer("200 OK", on.canary_app.page + more.encode(), TEXT)

        await on.passing(12.0)
        assert any("some are missing" in line and "memory_mib" in line for line in pane(on))


@pytest.mark.parametrize("stamp", ["99999999999999999", "-99999999999999999", "5"])
async def test_times_that_cannot_be_are_not_believed(fake: FakeClock, stamp: str) -> None:
    """Of samples that bring their own, and of processes that began in another century."""
    async with watching(fake, QUICK) as on:
        on.canary_app.more = f"old_total 5 {stamp}\n# TYPE b_created gauge\nb_created 9e99\n"
        await on.passing(30.0)
        assert "15.0 %" in row(on, "errors")
        assert not any(line.startswith(" ! ") for line in pane(on))


LIMITS = {
    "no regex": ('{__name__=~"(("}', "regex for (("),
    "no PromQL": ("sum by (", "parenthesis"),
    "a million steps": ("sum_over_time(sum(http_requests_total)[1h:1ms])", "more than"),
    "nothing it knows": ("nonsense(http_requests_total)", "nonsense"),
}


@pytest.mark.parametrize(("source", "words"), LIMITS.values(), ids=LIMITS)
async def test_an_expression_that_cannot_be_is_a_row_that_says_why(
    fake: FakeClock, source: str, words: str
) -> None:
    """The other rows have their numbers; a rule with it is broken, not quiet."""
    odd = Signal("odd", "odd", Kind.GAUGE, (source,))
    async with watching(fake, replace(QUICK, signals=(odd,))) as on:
        await on.passing(12.0)
        [why] = [line for line in pane(on) if line.startswith(" ! ")]
        assert why.startswith(" ! odd: ")
        assert words in why
        assert "15.0 %" in row(on, "errors")


async def test_a_catastrophic_regex_takes_no_time(fake: FakeClock) -> None:
    """On a label that would keep a backtracking engine busy for centuries; matching is linear here."""
    evil = Signal("evil", "evil", Kind.GAUGE, ('queue_length{name=~"(a+)+$"}',))
    async with watching(fake, replace(QUICK, signals=(evil,))) as on:
        on.canary_app.more = f'queue_length{{name="{"a" * 5000}b"}} 7\n'
        await on.passing(12.0)
        assert "no data" in row(on, "evil")
        assert "15.0 %" in row(on, "errors")


async def test_rules_that_cannot_be_evaluated_are_broken_and_say_so(fake: FakeClock) -> None:
    """A rule over too much is neither firing nor quiet."""
    text = """
groups:
  - name: app
    rules:
      - alert: TooMuch
        expr: sum_over_time(sum(http_requests_total)[1h:1ms]) > 1
      - alert: Errors
        expr: sum by (revision) (http_requests_total{code="500"}) > 1
"""
    groups = read_rules(text, "rules.yml").loaded()
    async with watching(fake, replace(QUICK, groups=groups)) as on:
        await on.passing(12.0)
        states = {alert.rule: alert.state for alert in on.picture.alerts}
        assert states["TooMuch"] is AlertState.BROKEN
        assert states["Errors"] is AlertState.FIRING
        said = "\n".join(line.text for line in alert_lines(on.picture.alerts, on.snapshot, {}, 200))
        assert "more than" in said


async def test_labels_and_names_from_outside_cannot_do_anything_to_the_pane(fake: FakeClock) -> None:
    """Control characters and markup in labels, in the words of errors and in what a rule says."""
    text = """
groups:
  - name: app
    rules:
      - alert: Evil
        expr: evil > 0
        annotations:
          summary: "{{ $labels.path }}"
"""
    habits = replace(QUICK, groups=read_rules(text, "rules.yml").loaded())
    async with watching(fake, habits) as on:
        on.canary_app.more = 'evil{path="\x1b]0;pwned\x07\x9b2J[bold]\u202e[@click=app.exit]x[/]"} 1\n'
        await on.passing(12.0)
        alerts = on.picture.alerts
        assert [alert.state for alert in alerts] == [AlertState.FIRING]
        said = "\n".join(line.text for line in alert_lines(alerts, on.snapshot, {}, 200))
        assert "[@click=app.exit]x" in said
        assert not CONTROLS.intersection(said.replace("\n", ""))


async def test_an_engine_that_goes_away_leaves_what_it_said(fake: FakeClock) -> None:
    """A remote engine that answers and then does not: the last reading stays, with its age and the reason."""
    async with hostile_server() as server:
        _answers(server)
        engine = RemoteEngine(Remote(server.url))
        queue = Signal("queue", "queue", Kind.GAUGE, ("queue_length",), better=Better.LOWER)
        try:
            async with watching(fake, replace(QUICK, signals=(queue,)), ("http://engine", engine)) as on:
                await on.passing(12.0)
                assert "7.00" in row(on, "queue")
                server.behaves.clear()
                server.always("/api/v1/query", "503 Service Unavailable")
                await on.passing(60.0)
                found = "\n".join(pane(on))
                assert "503" in found
                assert re.search(r"read (5\d|6\d|1 min) ?s? ago", found)
                assert "7.00" in row(on, "queue")
                assert "ok" not in row(on, "queue")
        finally:
            await engine.close()


def _answers(server: Hostile) -> None:
    """One gauge of both revisions, and nothing else."""
    kind = "content-type: application/json"
    result = ",".join(
        f'{{"metric":{{"revision":"{name}","instance":"i"}},"value":[1,"7"]}}' for name in (STABLE, CANARY)
    )
    vector = f'{{"status":"success","data":{{"resultType":"vector","result":[{result}]}}}}'
    server.always("/api/v1/query", "200 OK", vector.encode(), kind)
    matrix = b'{"status":"success","data":{"resultType":"matrix","result":[]}}'
    server.always("/api/v1/query_range", "200 OK", matrix, kind)
    for path, data in (("metadata", b"{}"), ("series", b"[]"), ("label/__name__/values", b"[]")):
        server.always(f"/api/v1/{path}", "200 OK", b'{"status":"success","data":' + data + b"}", kind)
