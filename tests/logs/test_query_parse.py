"""The query language as it is read: what a text means, and where an error points."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.logs.entry import Severity
from cockpit.logs.query.error import QueryError
from cockpit.logs.query.nodes import And, Form, Latency, Level, Moment, Name, Not, Or, Query, Status, Text, Trace
from cockpit.logs.query.parse import parse

NOW = 1_760_062_347_931_000_000
"""2025-10-10T02:12:27.931Z."""
SECOND = 1_000_000_000


def read(text: str) -> Query:
    return parse(text, now=NOW, zone=UTC)


MEANINGS = (
    ("", None),
    ("  \t ", None),
    ("timeout", Text("timeout")),
    ('"not found"', Text("not found", Form.PHRASE)),
    (r'"a \"b\" \\ c"', Text(r'a "b" \ c', Form.PHRASE)),
    ("/time ?out|refused/", Text("time ?out|refused", Form.REGEX)),
    (r"/a\/b/", Text(r"a\/b", Form.REGEX)),
    # A path begins with a slash and is no regular expression, unless it ends with the next one.
    ("/api/health", Text("/api/health")),
    ("/api/v1/", Text("/api/v1/")),
    ("/api/", Text("api", Form.REGEX)),
    ("/health or /ready/", Or((Text("/health"), Text("ready", Form.REGEX)))),
    # What looks like a field inside code or an address is a word.
    ("std::string", Text("std::string")),
    ("http://localhost/x", Text("http://localhost/x")),
    ("main.py:42", Text("main.py:42")),
    ("ValueError: no", And((Text("ValueError:"), Text("no")))),
    ("02:12:27", Text("02:12:27")),
    ("x->y", Text("x->y")),
    ('say"hi"', Text('say"hi"')),
    ("main(args)", Text("main(args)")),
    ("(main(args))", Text("main(args)")),
    # Precedence: not, and, or.
    ("a b", And((Text("a"), Text("b")))),
    ("a and b AND c", And((Text("a"), Text("b"), Text("c")))),
    ("a or b c", Or((Text("a"), And((Text("b"), Text("c")))))),
    ("(a OR b) c", And((Or((Text("a"), Text("b"))), Text("c")))),
    ("-a b", And((Not(Text("a")), Text("b")))),
    ("NOT a or b", Or((Not(Text("a")), Text("b")))),
    ("-(a or b)", Not(Or((Text("a"), Text("b"))))),
    ("--a", Not(Not(Text("a")))),
    ('-"a b"', Not(Text("a b", Form.PHRASE))),
    ("android order", And((Text("android"), Text("order")))),
    # Small letters: a word people look for, unless what follows cannot follow a word.
    ("not found", And((Text("not"), Text("found")))),
    ("not (a b)", Not(And((Text("a"), Text("b"))))),
    ("not status:500", Not(Status("=", 500, 500))),
    ("NOTE", Text("NOTE")),
    # Fields.
    ("severity>=ERROR", Level(">=", Severity.ERROR)),
    ("severity >= error", Level(">=", Severity.ERROR)),
    ("SEVERITY:warn", Level("=", Severity.WARNING)),
    ("severity!=e", Level("!=", Severity.ERROR)),
    ("severity<=fatal", Level("<=", Severity.CRITICAL)),
    ("severity=default", Level("=", Severity.DEFAULT)),
    ("severity", Text("severity")),
    ("revision:00279", Name("revision", ":", "00279")),
    ('revision="emergence-app-00279-kub"', Name("revision", "=", "emergence-app-00279-kub")),
    ("instance!=0069c7", Name("instance", "!=", "0069c7")),
    ('agent:"Mozilla/5.0 (X11"', Name("agent", ":", "Mozilla/5.0 (X11")),
    ("path:/api/*/analyze", Name("path", ":", "/api/*/analyze")),
    ("log:varlog/system", Name("log", ":", "varlog/system")),
    ("method:post", Name("method", ":", "post")),
    ("status>=500", Status(">=", 500, 500)),
    ("status:4xx", Status("=", 400, 499)),
    ("status!=40X", Status("!=", 400, 409)),
    ("latency>1s", Latency(">", 1.0)),
    ("latency<=250ms", Latency("<=", 0.25)),
    ("latency<1m30s", Latency("<", 90.0)),
    ("latency>.5", Latency(">", 0.5)),
    ("trace:5D9D", Trace("5d9d")),
    ("trace:projects/p/traces/5d9dc9f8", Trace("5d9dc9f8")),
    ("after:15m", Moment("after", NOW - 900 * SECOND)),
    ("before:2025-10-10T02:12:27.931Z", Moment("before", NOW)),
)


@pytest.mark.parametrize(("text", "node"), MEANINGS, ids=[text for text, _ in MEANINGS])
def test_a_text_means(text: str, node: object) -> None:
    assert read(text) == Query(node)  # type: ignore[arg-type]


ERRORS = (
    # text, what the error points at, part of the message, part of the mend
    ('a "b', '"', "not closed", "close them"),
    ("a (b or c", "(", "not closed", "close it"),
    ("f(a b)", "(", "not closed", '"f(a"'),
    ("a) b", ")", "never opened", "open it"),
    (")", ")", "never opened", "open it"),
    ("/a|b", "/a|b", "not closed", '"/a|b"'),
    ("x /a(b/", "a(b", "missing )", "quotes"),
    ("/[z-a]/", "z-a", "invalid character class", "quotes"),
    (r"/(?:\pL{99}x){9}/", r"(?:\pL{99}x){9}", "too large", "quotes"),
    ("a or", "or", "nothing behind", "quotes"),
    ("a or or b", "or", "nothing behind", "quotes"),
    ("and b", "and", "nothing before", '"and"'),
    ("a NOT", "NOT", "nothing behind", "quotes"),
    ("a -", "-", "nothing behind", "quotes"),
    ("- a", "-", "nothing behind", "quotes"),
    ("()", "(", "nothing behind", "quotes"),
    ('""', '""', "nothing in these quotes", "between them"),
    ("sevrity>=ERROR", "sevrity", "no field 'sevrity'", "did you mean severity?"),
    ("level:error", "level", "no field", "did you mean severity?"),
    ("httpRequest.status>=500", "httpRequest.status", "no field", "did you mean status?"),
    ("resource.labels.revision_name:x", "resource.labels.revision_name", "no field", "did you mean revision?"),
    ("user=5", "user", "no field", '"user=5"'),
    ("severity>=", "severity>=", "what?", "severity>=ERROR"),
    ("(severity>= )", "severity>=", "what?", "severity>=ERROR"),
    ("path:(a or b)", "path:", "what?", "path:a or path:b"),
    ("severity>=ERRR", "ERRR", "no severity", "did you mean ERROR?"),
    ("severity:de", "de", "DEFAULT or DEBUG", "a letter more"),
    ("severity:loud", "loud", "no severity", "EMERGENCY"),
    ("severity=~x", "=~", "cannot be compared", ">="),
    ("status:abc", "abc", "not an HTTP status", "4xx"),
    ("status:42", "42", "not an HTTP status", "4xx"),
    ("status>5xx", "5xx", "wants one status", "status:5xx"),
    ("latency:1s", ":", "cannot be compared", "latency takes"),
    ("latency>fast", "fast", "not a length of time", "250ms"),
    ("after:yesterday", "yesterday", "no moment", "15m"),
    ("after:25:00", "25:00", "no moment", "12:03"),
    ("after:2025-02-30", "2025-02-30", "no moment", "2025-10-10"),
    ("trace:xyz", "xyz", "not the beginning of a trace", "hexadecimal"),
    ('revision:"abc', '"', "not closed", "close them"),
    ("\udcff", "\udcff", "no character", "UTF-8"),
    ("(" * 60, "(", "nested too deeply", "50"),
    ("x" * 10_001, "x", "longer than", "less"),
)


@pytest.mark.parametrize(("text", "place", "message", "mend"), ERRORS, ids=[each[0][:30] for each in ERRORS])
def test_an_error_points_at_the_place(text: str, place: str, message: str, mend: str) -> None:
    with pytest.raises(QueryError) as caught:
        read(text)
    error = caught.value
    assert text[error.position : error.position + error.length] == place
    assert message in str(error)
    assert mend in error.mend


WORDS = "a not NOT and or severity status revision latency path after before trace log 4xx 500 1s 12:03 5d /api/ é"
FRAGMENTS = st.sampled_from([*WORDS.split(), *'-()"/*.|[=:!<>\\ \n\v', ">="])
TEXTS = st.text() | st.lists(FRAGMENTS).map("".join)


def misread(text: str) -> QueryError | None:
    try:
        query = read(text)
    except QueryError as error:
        return error
    assert read(str(query)) == query
    return None


@given(TEXTS)
def test_any_text_is_a_query_or_an_error_with_a_place_inside_it(text: str) -> None:
    error = misread(text)
    if error is not None:
        assert 0 <= error.position < len(text)
        assert 1 <= error.length <= len(text) - error.position
        assert str(error)
        assert error.mend
        assert "\n" not in str(error)


LEAVES = st.one_of(
    st.sampled_from([node for _, node in MEANINGS if not isinstance(node, And | Or | Not | None)]),
    st.sampled_from(["not", "severity", ">x", "=", "NOTE", "a"]).map(Text),
    st.text(min_size=1).map(lambda text: Text(text, Form.PHRASE)),
    st.text(min_size=1).map(lambda text: Name("path", "=", text)),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: (
        parts.map(Not)
        | st.lists(parts, min_size=2, max_size=4).map(lambda several: And(tuple(several)))
        | st.lists(parts, min_size=2, max_size=4).map(lambda several: Or(tuple(several)))
    ),
    max_leaves=8,
)


@given(TREES)
def test_a_query_reads_as_what_it_says(node: And) -> None:
    try:
        str(node).encode()
    except UnicodeEncodeError:
        return
    assert read(str(Query(node))) == Query(node)


def test_two_queries_are_both_asked() -> None:
    assert str(read("a or b").also(read("revision:x c"))) == "(a or b) revision:x c"
    assert read("").also(read("a")) == read("a")
    assert read("a").also(read("")) == read("a")
