"""Another engine's answers and refusals, from a server that gives what a test wants."""

from __future__ import annotations

import asyncio
import json
import math
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from cockpit.metrics.engine import QueryError, ResultKind
from cockpit.metrics.exposed import Family, MetricKind
from cockpit.sources.errors import InvalidError
from cockpit.sources.prometheus import engine as engines
from cockpit.sources.prometheus.engine import Remote, RemoteEngine
from cockpit.sources.prometheus.google import GoogleAccess, headers_of, managed_url
from cockpit.sources.secrets import HeaderValue, Secret
from tests.sources.certificates import self_signed
from tests.sources.hostile import Exchange, Hostile, hostile_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

AT = 1_790_000_000_250
JSON = "content-type: application/json"


@pytest.fixture
async def server() -> AsyncIterator[Hostile]:
    async with hostile_server() as running:
        yield running


@pytest.fixture
async def engine(server: Hostile) -> AsyncIterator[RemoteEngine]:
    made = RemoteEngine(Remote(server.url, labels={"revision": "revision_name"}, timeout=5))
    yield made
    await made.close()


def answering(server: Hostile, data: Any, path: str = "query", status: str = "200 OK", **around: Any) -> None:
    body = json.dumps({"status": "success", "data": data, **around}).encode()
    server.always(f"/api/v1/{path}", status, body, JSON)


def failing(server: Hostile, kind: str, error: str, status: str = "400 Bad Request") -> None:
    body = json.dumps({"status": "error", "errorType": kind, "error": error}).encode()
    server.always("/api/v1/query", status, body, JSON)


async def refusal(engine: RemoteEngine, expression: str = "up") -> QueryError:
    with pytest.raises(QueryError) as caught:
        await engine.instant(expression, AT)
    assert "\n" not in f"{caught.value}{caught.value.mend}"
    return caught.value


async def test_what_is_asked(server: Hostile) -> None:
    headers = (
        ("X-Scope-OrgID", HeaderValue(value="team")),
        ("Authorization", HeaderValue(value="t", prefix="Bearer ")),
    )
    remote = Remote(f"{server.url}/prometheus/", headers, {"revision": "revision_name"}, timeout=2.5)
    engine = RemoteEngine(remote)
    server.always(
        "/prometheus/api/v1/query_range",
        "200 OK",
        b'{"status":"success","data":{"resultType":"matrix","result":[]}}',
    )
    answer = await engine.range('rate(x{revision="ü & +"}[1m])', AT - 60_000, AT, 15_000)
    await engine.close()
    assert (answer.kind, answer.lines) == (ResultKind.MATRIX, ())
    [asked] = server.received
    assert asked.method == "POST"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (asked.headers["x-scope-orgid"], asked.headers["authorization"]) == ("team", "Bearer t")
    assert parse_qs(asked.body.decode()) == {
        "query": ['rate(x{revision_name="ü & +"}[1m])'],
        "timeout": ["2500ms"],
        "start": ["1789999940.250"],
        "end": ["1790000000.250"],
        "step": ["15.000"],
    }


async def test_an_authority_of_ones_own_is_trusted_where_it_is_named(tmp_path: Path) -> None:
    bundle, context = self_signed(tmp_path, "prometheus.localhost")
    async with hostile_server(context) as server:
        answering(server, {"resultType": "scalar", "result": [1, "7"]})
        url = f"https://prometheus.localhost:{server.port}"
        engine, stranger = RemoteEngine(Remote(url, ca_file=str(bundle))), RemoteEngine(Remote(url))
        assert (await engine.instant("7", AT)).samples[0].value == 7.0
        refused = await refusal(stranger)
        for each in (engine, stranger):
            await each.close()
    assert refused.kind == "unreachable"
    assert "is not trusted" in str(refused)


async def test_a_vector_with_every_kind_of_value(server: Hostile, engine: RemoteEngine) -> None:
    values = ["1", "-0.5", "1e+300", "NaN", "+Inf", "-Inf"]
    result = [{"metric": {"revision_name": str(n)}, "value": [1.5, value]} for n, value in enumerate(values)]
    answering(server, {"resultType": "vector", "result": result}, warnings=["slow"], infos=["not a counter"])
    answer = await engine.instant("up", AT)
    assert answer.kind is ResultKind.VECTOR
    assert [sample.labels for sample in answer.samples] == [(("revision", str(n)),) for n in range(6)]
    assert [sample.value for sample in answer.samples[:3]] == [1.0, -0.5, 1e300]
    assert math.isnan(answer.samples[3].value)
    assert [sample.value for sample in answer.samples[4:]] == [math.inf, -math.inf]
    assert answer.notes == ("slow", "not a counter")


async def test_a_matrix_in_milliseconds(server: Hostile, engine: RemoteEngine) -> None:
    result = [{"metric": {}, "values": [[1435781430.781, "1"], [1435781445.781, "NaN"], [1435781460, "+Inf"]]}]
    answering(server, {"resultType": "matrix", "result": result})
    [line] = (await engine.instant("x[1m]", AT)).lines
    assert line.times.dtype == np.int64
    assert line.times.tolist() == [1435781430781, 1435781445781, 1435781460000]
    np.testing.assert_array_equal(line.values, [1.0, math.nan, math.inf])


async def test_scalars_and_strings(server: Hostile, engine: RemoteEngine) -> None:
    answering(server, {"resultType": "scalar", "result": [1.5, "42"]})
    assert [sample.value for sample in (await engine.instant("42", AT)).samples] == [42.0]
    answering(server, {"resultType": "string", "result": [1.5, "NaN"]})
    assert (await engine.instant('"NaN"', AT)).text == "NaN"


async def test_native_histograms_are_left_out_and_said_so(server: Hostile, engine: RemoteEngine) -> None:
    result = [
        {"metric": {"a": "1"}, "histogram": [1.5, {"count": "1", "sum": "2"}]},
        {"metric": {"a": "2"}, "value": [1.5, "3"]},
    ]
    answering(server, {"resultType": "vector", "result": result})
    answer = await engine.instant("x", AT)
    assert [sample.value for sample in answer.samples] == [3.0]
    assert "native histograms" in answer.notes[0]


@pytest.mark.parametrize(
    "case",
    [
        ("bad_data", 'invalid parameter "query": 1:20: parse error: unexpected end of input', "syntax", 13),
        ("bad_data", "1:1: parse error: no expression found in input", "syntax", 0),
        ("bad_data", f"2:{'9' * 5000}: parse error: far off", "evaluation", None),
        ("bad_data", "exceeded maximum resolution of 11,000 points per timeseries", "limit", None),
        ("execution", "query processing would load too many samples into memory", "limit", None),
        ("execution", "multiple matches for labels: many-to-one matching must be explicit", "evaluation", None),
        ("timeout", "query timed out in expression evaluation", "timeout", None),
        ("canceled", "query was canceled", "timeout", None),
        ("unavailable", "TSDB not ready", "unreachable", None),
        ("internal", "expanding series:\n  disk", "evaluation", None),
        ("", "", "evaluation", None),
    ],
)
async def test_an_error_of_the_api(
    server: Hostile, engine: RemoteEngine, case: tuple[str, str, str, int | None]
) -> None:
    kind, error, expected, position = case
    failing(server, kind, error)
    caught = await refusal(engine, "sum(revision{revision=}")
    assert (caught.kind, caught.position) == (expected, position)
    assert "1:" not in str(caught)


DEEP = b'{"status":"success","data":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
HTML = b"<!doctype html><html><title>Sign in</title></html>"


@pytest.mark.parametrize(
    ("status", "body", "headers", "kind", "words"),
    [
        ("200 OK", HTML, ("content-type: text/html",), "denied", "web page"),
        ("200 OK", b"  " + HTML, (), "denied", "web page"),
        ("302 Found", b"", ("location: https://id.example/login",), "unreachable", "redirected to id.example"),
        ("401 Unauthorized", b"no", (), "denied", "answers 401"),
        ("403 Forbidden", HTML, ("content-type: text/html",), "denied", "answers 403"),
        ("403 Forbidden", b'{"error":{"code":403,"message":"denied\\non x"}}', (), "denied", "denied on x"),
        ("404 Not Found", b"404 page not found", (), "unreachable", "no Prometheus API at"),
        ("405 Method Not Allowed", b"", (), "unreachable", "no Prometheus API at"),
        ("429 Too Many Requests", b"slow down", (), "throttled", "answers 429"),
        ("500 Internal Server Error", b"oops", (), "unreachable", "answers 500"),
        ("503 Service Unavailable", b"", (), "unreachable", "answers 503"),
        ("200 OK", b"[1, 2]", (), "unreachable", "not as Prometheus does"),
        ("200 OK", b'{"status":"fine"}', (), "unreachable", "not as Prometheus does"),
        ("200 OK", b'{"status":"success"}', (), "unreachable", "answers what no Prometheus does"),
        ("200 OK", b'{"status":"\xff"}', (), "unreachable", "not as Prometheus does"),
        ("500 Oops", b'{"error":{"message":"caf\xe9"}}', (), "unreachable", "answers 500"),
        ("200 OK", DEEP, (), "unreachable", "not as Prometheus does"),
        (
            "200 OK",
            b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"\xff"},"value":[1,"1"]}]}}',
            (),
            "unreachable",
            "answers what no Prometheus does",
        ),
        (
            "200 OK",
            b'{"status":"success","data":{"resultType":"cube","result":[]}}',
            (),
            "unreachable",
            "answers what no Prometheus does",
        ),
        (
            "200 OK",
            b'{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"x"]}]}}',
            (),
            "unreachable",
            "answers what no Prometheus does",
        ),
        ("200 OK", b'{"status":"success","da', (), "unreachable", "not as Prometheus does"),
        ("200 OK", b"", (), "unreachable", "not as Prometheus does"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_none(  # noqa: PLR0917 (a row of the table above)
    server: Hostile,
    engine: RemoteEngine,
    status: str,
    body: bytes,
    headers: tuple[str, ...],
    kind: str,
    words: str,
) -> None:
    server.always("/api/v1/query", status, body, *headers)
    caught = await refusal(engine)
    assert caught.kind == kind
    assert words in str(caught)
    assert caught.mend


async def test_a_bearer_token_refused_with_an_answer_of_the_api(server: Hostile, engine: RemoteEngine) -> None:
    failing(server, "bad_data", "no org id", "401 Unauthorized")
    caught = await refusal(engine)
    assert (caught.kind, "no org id" in str(caught)) == ("denied", True)


async def test_nobody_there_too_slow_and_too_large(server: Hostile, unused_tcp_port: int) -> None:
    @server.on("/api/v1/query")
    async def silent(exchange: Exchange) -> None:
        await asyncio.Event().wait()

    for remote, kind in (
        (Remote(f"http://127.0.0.1:{unused_tcp_port}"), "unreachable"),
        (Remote(server.url, timeout=0.2), "timeout"),
        (Remote("http://prometheus.example", (("X-Token", HeaderValue(value="1")),)), "denied"),
        (Remote(server.url, (("X-Token", HeaderValue(env="NOT_SET_ANYWHERE")),)), "denied"),
    ):
        engine = RemoteEngine(remote)
        assert (await refusal(engine)).kind == kind
        await engine.close()
    answering(server, {"resultType": "vector", "result": [{"metric": {"a": "x" * 5000}}]})
    engine = RemoteEngine(Remote(server.url, most=1000))
    assert (await refusal(engine)).kind == "limit"
    await engine.close()


async def test_what_is_told_of_metrics(server: Hostile, engine: RemoteEngine) -> None:
    told = {
        "up": [{"type": "gauge", "help": "It is up", "unit": ""}, {"type": "unknown", "help": "", "unit": ""}],
        "odd": [{"type": "cube", "help": "", "unit": "seconds"}],
        "none": [],
    }
    answering(server, told, "metadata")
    assert await engine.families() == {
        "up": Family("up", MetricKind.GAUGE, "It is up"),
        "odd": Family("odd", MetricKind.UNKNOWN, "", "seconds"),
    }


@pytest.mark.parametrize(
    ("status", "body"), [("404 Not Found", b""), ("200 OK", b'{"status":"success","data":{}}')]
)
async def test_an_engine_without_metadata_gives_names(
    server: Hostile, engine: RemoteEngine, status: str, body: bytes
) -> None:
    server.always("/api/v1/metadata", status, body)
    answering(server, ["a", "b"], "label/__name__/values")
    assert await engine.families() == {"a": Family("a"), "b": Family("b")}


async def test_what_is_told_of_metrics_is_believed_for_a_minute(server: Hostile) -> None:
    clock = [1_790_000_000.0]
    engine = RemoteEngine(Remote(server.url), wall=lambda: clock[0])
    answering(server, {"up": [{"type": "gauge", "help": "", "unit": ""}]}, "metadata")
    first = await engine.families()
    clock[0] += 59.0
    assert await engine.families() is first
    for moved in (2.0, -3600.0):  # a minute is over; the clock was set back
        clock[0] += moved
        before = len(server.received)
        assert await engine.families() == first
        assert len(server.received) == before + 1
    await engine.close()


async def test_with_matchers_only_what_has_series_is_told(server: Hostile) -> None:
    remote = Remote(server.url, labels={"service": "job"})
    engine = RemoteEngine(remote, wall=lambda: 1_790_000_000.0).within('service=~"app|"')
    kinds = {"times": "histogram", "up": "gauge", "requests": "counter", "theirs_total": "counter"}
    answering(server, {name: [{"type": kind}] for name, kind in kinds.items()}, "metadata")
    answering(server, ["times_bucket", "up", "requests_total", "rule:made"], "label/__name__/values")
    assert list(await engine.families()) == ["times", "up", "requests"]
    asked = parse_qs(urlsplit(server.received[-1].path).query)
    assert asked["match[]"] == ['{job=~"app|",__name__=~".+"}']
    assert (asked["start"], asked["end"]) == (["1789999700.000"], ["1790000000.000"])
    await engine.close()


async def test_series_of_now(server: Hostile) -> None:
    answering(server, [{"__name__": 'a"b', "revision_name": "x"}], "series")
    engine = RemoteEngine(Remote(server.url, labels={"revision": "revision_name"}), wall=lambda: 1_790_000_000.0)
    assert await engine.series('a"b') == ((("__name__", 'a"b'), ("revision", "x")),)
    await engine.series("")
    await engine.within('revision!=""').series("up")
    await engine.close()
    asked, everything, narrowed = (parse_qs(each.body.decode()) for each in server.received)
    assert asked["match[]"] == ['{__name__="a\\"b"}']
    assert (asked["start"], asked["end"]) == (["1789999700.000"], ["1790000000.000"])
    assert everything["match[]"] == ['{__name__=~".+"}']
    assert narrowed["match[]"] == ['{revision_name!="",__name__="up"}']


# Google's managed service


class Access(GoogleAccess):
    """A machine that is somebody."""

    async def headers(self) -> Mapping[str, Secret]:
        return {"authorization": Secret("Bearer hush"), "x-goog-user-project": Secret("emergence-469005")}


async def test_google_is_shown_who_asks(server: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "GoogleAccess", Access)
    answering(server, {"resultType": "scalar", "result": [1, "1"]})
    engine = RemoteEngine(Remote(server.url, google_project="emergence-469005"))
    await engine.instant("1", AT)
    await engine.close()
    assert server.received[0].headers["authorization"] == "Bearer hush"
    assert server.received[0].headers["x-goog-user-project"] == "emergence-469005"


def test_what_credentials_add() -> None:
    from google.oauth2.credentials import Credentials

    credentials = Credentials("hush", quota_project_id="payer")  # type: ignore[no-untyped-call]
    found = headers_of(credentials)
    assert {name: value.reveal() for name, value in found.items()} == {
        "authorization": "Bearer hush",
        "x-goog-user-project": "payer",
    }
    assert "hush" not in repr(found)


async def test_googles_address_and_what_it_does_not_list() -> None:
    url = managed_url("emergence-469005")
    assert url == "https://monitoring.googleapis.com/v1/projects/emergence-469005/location/global/prometheus"
    engine = RemoteEngine(Remote(url))
    with pytest.raises(QueryError, match="without a metric's name") as caught:
        await engine.series("")
    assert caught.value.kind == "unsupported"
    with pytest.raises(InvalidError, match="no address of Google's managed service") as refused:
        RemoteEngine(Remote("https://monitoring.googleapis.com/v1/projects/x"))
    assert "location/global/prometheus" in refused.value.mend


@pytest.mark.parametrize("times", [(1e308, 2.0), (1.0, 1.0), (2.0, 1.0), (-1e15,)])
async def test_times_that_are_none_or_out_of_order_are_no_answer(
    server: Hostile, engine: RemoteEngine, times: tuple[float, ...]
) -> None:
    series = {"metric": {"a": "1"}, "values": [[at, "1"] for at in times]}
    answering(server, {"resultType": "matrix", "result": [series]}, "query_range")
    with pytest.raises(QueryError, match="do not ascend, or are none"):
        await engine.range("x", AT, AT, 1000)
