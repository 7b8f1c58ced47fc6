"""Queries of every kind, as trees."""

from __future__ import annotations

from hypothesis import strategies as st

from cockpit.logs.entry import Severity
from cockpit.logs.query.nodes import And, Form, Latency, Level, Moment, Name, Not, Or, Status, Text, Trace

NOW = 1_760_062_347_931_000_000
"""2025-10-10T02:12:27.931Z."""
KUB, JB = "emergence-app-00279-kub", "emergence-app-00275-2jb"
OPERATORS = ("=", "!=", "<", "<=", ">", ">=")
WORDS = st.text("aAbé/", min_size=1, max_size=3)
NAMING = st.sampled_from([":", "=", "!="])
ORDERING = st.sampled_from(["<", "<=", ">", ">="])
ASKED = st.one_of(
    st.builds(Text, WORDS | st.sampled_from(["get", "GET"]), st.sampled_from([Form.WORD, Form.PHRASE])),
    st.builds(Text, st.sampled_from(["a.", "a+ ", "[^a]b|é", "A$", "^/", "x.y"]), st.just(Form.REGEX)),
    st.builds(Name, st.just("revision"), NAMING, st.sampled_from(["0027", KUB, "*-kub", "*00*", "x"])),
    st.builds(
        Name, st.sampled_from(["instance", "log", "method", "agent"]), NAMING, st.text("0aeGt*", min_size=1)
    ),
    st.builds(Name, st.just("path"), NAMING, st.text("aAb/*", min_size=1, max_size=3)),
    st.builds(Level, st.sampled_from(OPERATORS), st.sampled_from(Severity)),
    st.builds(Status, ORDERING, st.just(404), st.just(404)),
    st.builds(Status, st.sampled_from(["=", "!="]), st.just(400), st.just(499)),
    st.builds(Latency, ORDERING, st.sampled_from([0.1, 0.7, 1.0])),
    st.builds(Trace, st.sampled_from(["5", "5d9d", "5d9dc9f8", "f", "0"])),
    st.builds(Moment, st.sampled_from(["before", "after"]), st.integers(NOW, NOW + 6)),
)
TREES = st.recursive(
    ASKED,
    lambda parts: (
        parts.map(Not)
        | st.lists(parts, min_size=2, max_size=3).map(lambda several: And(tuple(several)))
        | st.lists(parts, min_size=2, max_size=3).map(lambda several: Or(tuple(several)))
    ),
    max_leaves=6,
)
