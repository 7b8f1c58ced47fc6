"""The compiled filter against a slow evaluator of its own, which works on the entry's JSON form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.json_format import MessageToDict
from hypothesis import given
from hypothesis import strategies as st

from cockpit.simulator.logs.filters import FilterError, compile_filter
from cockpit.simulator.logs.messages import LogEntry

_SEVERITIES = {"DEFAULT": 0, "INFO": 200, "WARNING": 400, "ERROR": 500}
_REVISIONS = ("r-00001-abc", "r-00002-def", "R-00001-ABC")
_WORDS = ("alpha", "beta", "Alphabet", "gam ma")

Json = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """A filter's text, and what it means."""

    source: str
    meaning: Callable[[Json], bool]


def _text_comparison(path: str, read: Callable[[Json], str | None]) -> st.SearchStrategy[Sample]:
    operators: dict[str, Callable[[str, str], bool]] = {
        "=": lambda value, literal: value == literal,
        "!=": lambda value, literal: value != literal,
        "<": lambda value, literal: value < literal,
        ">=": lambda value, literal: value >= literal,
        ":": lambda value, literal: literal in value,
    }

    def build(op: str, literal: str) -> Sample:
        def meaning(entry: Json) -> bool:
            value = read(entry)
            return value is not None and operators[op](value.lower(), literal.lower())

        return Sample(f'{path}{op}"{literal}"', meaning)

    return st.builds(build, st.sampled_from(sorted(operators)), st.sampled_from([*_WORDS, *_REVISIONS, "r-", ""]))


def _severity_comparison() -> st.SearchStrategy[Sample]:
    def build(op: str, name: str) -> Sample:
        def meaning(entry: Json) -> bool:
            order = _SEVERITIES[entry.get("severity", "DEFAULT")] - _SEVERITIES[name]
            return {"=": order == 0, "<": order < 0, ">=": order >= 0}[op]

        return Sample(f"severity {op} {name}", meaning)

    return st.builds(build, st.sampled_from(["=", "<", ">="]), st.sampled_from(sorted(_SEVERITIES)))


def _revision_list() -> st.SearchStrategy[Sample]:
    def build(names: list[str]) -> Sample:
        listed = " OR ".join(f'"{name}"' for name in names)
        return Sample(
            f"resource.labels.revision_name=({listed})",
            lambda entry: (_revision(entry) or "").lower() in {name.lower() for name in names},
        )

    return st.builds(build, st.lists(st.sampled_from(_REVISIONS), min_size=1, max_size=3))


def _revision(entry: Json) -> str | None:
    found = entry["resource"].get("labels", {}).get("revision_name")
    return str(found) if found is not None else None


def _note(entry: Json) -> str | None:
    found = entry.get("jsonPayload", {}).get("note")
    return str(found) if found is not None else None


_LEAVES = st.one_of(
    _text_comparison("textPayload", lambda entry: entry.get("textPayload", "")),
    _text_comparison("resource.labels.revision_name", _revision),
    _text_comparison("jsonPayload.note", _note),
    _severity_comparison(),
    _revision_list(),
)


def _negated(sample: Sample, sign: str) -> Sample:
    return Sample(f"{sign}({sample.source})", lambda entry: not sample.meaning(entry))


def _joined(samples: list[Sample], word: str, together: Callable[..., bool]) -> Sample:
    text = word.join(sample.source for sample in samples)
    return Sample(f"({text})", lambda entry: together(sample.meaning(entry) for sample in samples))


def _unbracketed(left: Sample, middle: Sample, right: Sample) -> Sample:
    """OR binds tighter than AND, on whichever side it stands."""
    return Sample(
        f"({left.source} AND {middle.source} OR {right.source})",
        lambda entry: left.meaning(entry) and (middle.meaning(entry) or right.meaning(entry)),
    )


def _combined(parts: st.SearchStrategy[Sample]) -> st.SearchStrategy[Sample]:
    several = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        st.builds(_negated, parts, st.sampled_from(["NOT ", "-"])),
        st.builds(_joined, several, st.sampled_from([" AND ", " ", "\n-- remark OR\n"]), st.just(all)),
        st.builds(_joined, several, st.just(" OR "), st.just(any)),
        st.builds(_unbracketed, parts, parts, parts),
    )


@st.composite
def _entries(draw: st.DrawFn) -> LogEntry:
    entry = LogEntry(
        log_name="projects/p/logs/stderr", severity=draw(st.sampled_from(sorted(_SEVERITIES.values())))
    )
    entry.resource.type = "cloud_run_revision"
    revision = draw(st.none() | st.sampled_from(_REVISIONS))
    if revision:
        entry.resource.labels["revision_name"] = revision
    text = draw(st.sampled_from(_WORDS))
    if draw(st.booleans()):
        entry.text_payload = text
    else:
        entry.json_payload.update({"note": text} if draw(st.booleans()) else {"other": text})
    return entry


@given(st.recursive(_LEAVES, _combined, max_leaves=8), _entries())
def test_means_the_same_as_the_slow_evaluator(sample: Sample, entry: LogEntry) -> None:
    assert compile_filter(sample.source).matches(entry) == sample.meaning(MessageToDict(entry))


@given(st.text(alphabet='ab.:=<>!~()"-\\\n AND OR NOT severity textPayload ,*', max_size=40))
def test_any_text_is_either_compiled_or_refused_in_one_line(source: str) -> None:
    try:
        matches = compile_filter(source).matches
    except FilterError as refused:
        message = str(refused)
    else:
        message = f"compiled: {matches(LogEntry(text_payload='ab'))}"
    assert message
    assert "\n" not in message.replace(source, "")
