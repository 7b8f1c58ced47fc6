"""What is pushed to Cloud Logging lets through all that the query would, and says truly whether it is more."""

from __future__ import annotations

import time
from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cockpit.logs.joining import Joiner
from cockpit.logs.names import Names
from cockpit.logs.query.compile import compiled
from cockpit.logs.query.nodes import Query
from cockpit.logs.query.parse import parse
from cockpit.logs.query.pushdown import LONGEST, Pushed, pushdown
from cockpit.logs.segment import SegmentBuilder
from cockpit.simulator.logs.filters import compile_filter
from cockpit.simulator.logs.messages import LogEntry
from cockpit.sources.cloudlogging import CloudLogging
from cockpit.sources.entries import record_of
from tests.logs.queried import JB, KUB, NOW, TREES, WORDS
from tests.sources.local import serving

if TYPE_CHECKING:
    from cockpit.logs.entry import Record

PROJECT = "emergence-469005"
EXEMPT = "severity=DEFAULT OR (jsonPayload:* AND NOT jsonPayload.message:*) OR protoPayload:*"


def read(text: str, now: int = NOW) -> Query:
    return parse(text, now=now, zone=UTC)


@pytest.mark.parametrize(
    ("text", "pushed", "exact"),
    [
        ("", "", True),
        (
            "revision:00279 status>=500",
            '(resource.labels.revision_name:"00279" AND httpRequest.status>=500)',
            True,
        ),
        (
            "revision:a or revision=b",
            '(resource.labels.revision_name:"a" OR resource.labels.revision_name="b")',
            True,
        ),
        ("-revision:a", 'NOT resource.labels.revision_name:"a"', True),
        ("--revision:a", 'resource.labels.revision_name:"a"', True),
        ("instance:00aa", 'labels.instanceId:"00aa"', True),
        ("method:get", 'httpRequest.requestMethod:"get"', True),
        ("status:4xx", "(httpRequest.status>=400 AND httpRequest.status<=499)", True),
        # What is no request has no status, and the other side may see a 0.
        ("status<500", "(httpRequest.status>=1 AND httpRequest.status<500)", True),
        ("latency>1.5s", 'httpRequest.latency>"1.5s"', True),
        ("latency<1s", 'httpRequest.latency<"1s"', False),
        ("path:/api/*/x", '(httpRequest.requestUrl:"/api/" AND httpRequest.requestUrl:"/x")', False),
        ("after:1s", 'timestamp>="2025-10-10T02:12:26.931Z"', True),
        ("before:2025-10-10", 'timestamp<"2025-10-10T00:00:00Z"', True),
        ("trace:5d9d", 'trace:"5d9d"', False),
        # A level may stand in the text alone; one that is given stands.
        ("severity>=ERROR", "(severity>=ERROR OR severity=DEFAULT)", False),
        ("-severity>=ERROR", "NOT severity>=ERROR", False),
        ("severity<=INFO", "severity<=INFO", False),
        ("-severity<=INFO", "NOT (severity<=INFO AND NOT severity=DEFAULT)", False),
        ("log:stderr", 'logName:"stderr"', False),
        ("log:varlog/s", 'logName:"varlog%2Fs"', False),
        ("-log:requests", 'NOT log_id("run.googleapis.com/requests")', False),
        # Words: what may be part of a traceback, or is put together from fields, is not kept back.
        ("time out", f'(("time" AND "out") OR {EXEMPT})', False),
        ('"no \\"key\\": x"', f'(("no" AND "key" AND "x") OR {EXEMPT})', False),
        ("a status:500 or b", f'((httpRequest.status=500 AND ("a" OR {EXEMPT})) OR ("b" OR {EXEMPT}))', False),
        # What cannot be said: nothing, or the rest without it.
        ("/time/", "", False),
        ("-time", "", False),
        ("time or /out/", "", False),
        ("/time/ status:500", "httpRequest.status=500", False),
        ("-time revision:x", 'resource.labels.revision_name:"x"', False),
        ("-(time revision:x)", "", False),
        ('agent:"say \\"hi\\""', 'httpRequest.userAgent:"say \\"hi\\""', True),
    ],
)
def test_a_query_is_pushed_as(text: str, pushed: str, exact: bool) -> None:
    assert pushdown(read(text)) == Pushed(pushed, exact)


def test_a_filter_that_is_too_long_is_left_out() -> None:
    query = read(" or ".join(f"revision:x{number}" for number in range(400)))
    text = pushdown(query).text
    assert 0 < len(text) <= LONGEST
    assert pushdown(query.also(query)).text == ""


def test_lines_are_kept_back_by_words_where_tracebacks_need_not_be_whole() -> None:
    assert '"time" OR (jsonPayload' in pushdown(read("time"), whole=False).text


def entry(**fields: Any) -> Any:
    """One entry as Cloud Run writes it; `revision`, `instance`, `log` and the fields of a LogEntry."""
    made = LogEntry()
    log = fields.pop("log", "stderr").replace("/", "%2F")
    made.log_name = f"projects/{PROJECT}/logs/run.googleapis.com%2F{log}"
    made.resource.type = "cloud_run_revision"
    if revision := fields.pop("revision", ""):
        made.resource.labels["revision_name"] = revision
    if instance := fields.pop("instance", ""):
        made.labels["instanceId"] = instance
    made.timestamp.FromNanoseconds(fields.pop("at", NOW))
    if trace := fields.pop("trace", ""):
        made.trace = f"projects/{PROJECT}/traces/{trace}"
    if (said := fields.pop("said", None)) is not None:
        made.json_payload.update(said)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def request(path: str, status: int, method: str, latency: int | None, agent: str, **fields: Any) -> Any:
    """One entry of the request log; the latency in milliseconds."""
    made = entry(log="requests", **fields)
    http = made.http_request
    http.request_url, http.status, http.request_method = f"https://a-b.run.app{path}", status, method
    http.remote_ip, http.user_agent = "10.0.0.1", agent
    if latency is not None:
        http.latency.FromMilliseconds(latency)
    return made


def lets_through(query: Query, record: Record) -> bool:
    matcher, names = compiled(query), Names()
    if matcher is None:
        return True
    builder = SegmentBuilder(names)
    builder.add(record)
    return bool(matcher.matches(builder.build(), names)[0])


ABOUT = {
    "revision": st.sampled_from(["", KUB, JB]),
    "instance": st.sampled_from(["", "00aa", "00ab"]),
    "at": st.integers(NOW, NOW + 5),
    "trace": st.sampled_from(["", "5d9dc9f8", "ff00"]),
}
SAID = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
SEVERITIES = st.sampled_from([0, 100, 200, 400, 500, 800])
TEXTS = st.builds(
    entry,
    text_payload=SAID | SAID.map(lambda said: f"ERROR {said}"),
    severity=SEVERITIES,
    log=st.sampled_from(["stderr", "stdout", "varlog/system"]),
    **ABOUT,
)
STRUCTURED = st.builds(
    entry,
    said=st.fixed_dictionaries({}, optional={"message": SAID, "a": SAID, "level": st.just("error")}),
    severity=SEVERITIES,
    **ABOUT,
)
REQUESTS = st.builds(
    request,
    st.text("aAb/?", max_size=4).map(lambda rest: f"/{rest}"),
    st.sampled_from([0, 200, 404, 500]),
    st.sampled_from(["GET", "POST"]),
    st.sampled_from([None, 0, 100, 700, 2000]),
    st.sampled_from(["", "curl"]),
    severity=SEVERITIES,
    **ABOUT,
)


@given(TEXTS | STRUCTURED | REQUESTS, TREES, st.booleans())
def test_what_a_query_lets_through_is_let_through_before_it(made: Any, node: Any, whole: bool) -> None:
    query = Query(node)
    pushed = pushdown(query, whole=whole)
    passes = compile_filter(pushed.text).matches(made)
    assume(bool(pushed.text) or pushed.exact)
    found = lets_through(query, record_of(made))
    assert passes or not found
    assert found or not (pushed.exact and passes)


def test_a_traceback_whose_lines_have_one_word_each_comes_whole() -> None:
    lines = ["Traceback (most recent call last):", '  File "/app/pay.py", line 3, in pay', "ValueError: no funds"]
    entries = [
        entry(text_payload=line, revision=KUB, instance="00aa", at=NOW + at) for at, line in enumerate(lines)
    ]
    query = read("pay.py ValueError severity>=ERROR")
    joiner: Joiner[None] = Joiner()
    passed = compile_filter(pushdown(query).text).matches
    for each in filter(passed, entries):
        assert joiner.feed(record_of(each), None, 0) == []
    [(record, _)] = joiner.close()
    assert record.text.splitlines() == lines
    assert lets_through(query, record)


ASKED = (
    *("severity>=ERROR", "severity<error", "-severity=info", "line", "-line", "é or started", 'user "u 1"'),
    *("revision:kub status>=500", "revision!=x", "instance:00", "method:post path:/api/*?x=y", "latency>=1.2s"),
    *("latency<1s", "trace:5d9d", "log:varlog/system", "-log:requests -log:std", "log!=stderr", "agent:kube"),
    *("after:90s", "before:1s", "-(after:90s before:1s)", "(status:200 or line) -severity:info NOT revision:zz"),
)


async def test_the_service_takes_it_and_answers_no_less() -> None:
    now = time.time_ns()
    before = now - 10**9
    entries = [
        request("/api/memory/1?x=y", 500, "POST", 1200, "curl/8", revision=KUB, severity=500, at=before),
        request("/api/health", 200, "GET", 8, "kube", revision=JB, severity=200, at=before, trace="5d9d00"),
        entry(said={"message": "slow é", "user": "u 1"}, severity=400, log="stdout", revision=JB, at=now),
        entry(text_payload="Started", log="varlog/system", severity=200, revision=JB, at=now),
    ]
    for at, level in enumerate(("INFO", "ERROR", "WARNING", "plain")):
        moment = now - at * 10**9
        entries.append(entry(text_payload=f"{level} line {at}", revision=KUB, instance="00aa", at=moment))
    async with serving() as cloud:
        for number, each in enumerate(entries):
            each.insert_id = f"i{number}"
            cloud.logs.write(each)
        logging = CloudLogging(cloud.connect())
        for text in ASKED:
            query = read(text, now)
            pushed = pushdown(query)
            answered = ids(await logging.entries(pushed.text or "severity>=DEFAULT", now / 1e9 - 600, 100))
            wanted = ids(each for each in entries if lets_through(query, record_of(each)))
            assert wanted <= answered, text
            assert wanted == answered or not pushed.exact, text


def ids(entries: Any) -> set[str]:
    return {each.insert_id for each in entries}
