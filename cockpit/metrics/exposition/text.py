"""Prometheus' text format 0.0.4, with the quoted UTF-8 names of Prometheus 3.

Source: Prometheus' model/textparse/promlex.l and promparse.go. Read beyond those, as Prometheus' client library
does: timestamps before 1970, and the type gaugehistogram.
"""

from __future__ import annotations

import re

from cockpit.metrics.exposed import MetricKind
from cockpit.metrics.exposition.grammar import (
    BRACES,
    METRIC,
    QUOTED,
    MalformedError,
    Remark,
    Sample,
    decoded,
    in_range,
    name_of,
)

_SAMPLE = re.compile(
    rb"[ \t]*+(?P<series>(?:%b)?+(?:[ \t]*+%b)?+)[ \t]*+(?P<value>[^{ \t\n]++)"
    rb"(?:[ \t]++(?P<stamp>-?[0-9]++))?[ \t]*+" % (METRIC, BRACES),
    re.DOTALL,
)
_SERIES = re.compile(rb"[ \t]*+(?P<series>(?:%b)?+(?:[ \t]*+%b)?+)" % (METRIC, BRACES), re.DOTALL)
_METADATA = re.compile(rb"#[ \t]++(?P<word>HELP|TYPE)[ \t]++(?P<rest>.*+)", re.DOTALL)
_NAMED = re.compile(rb"(?P<name>%b|%b)(?P<text>.*+)" % (METRIC, QUOTED), re.DOTALL)
_LOGICAL = re.compile(rb'[ \t]*+#[^\n]*+|(?:[^"\n]++|%b)*+' % QUOTED)
_HELP_ESCAPE = re.compile(r"\\([\\n])")
_KINDS = {
    b"counter": MetricKind.COUNTER,
    b"gauge": MetricKind.GAUGE,
    b"histogram": MetricKind.HISTOGRAM,
    b"summary": MetricKind.SUMMARY,
    b"untyped": MetricKind.UNKNOWN,
    b"gaugehistogram": MetricKind.GAUGE_HISTOGRAM,
    b"gauge_histogram": MetricKind.GAUGE_HISTOGRAM,
}


class PrometheusText:
    """The grammar of Prometheus text."""

    spaced = True

    def lines(self, body: bytes) -> list[bytes]:
        """Every line; the break behind the last one may be missing."""
        return body.removesuffix(b"\n").split(b"\n")

    def rejoined(self, body: bytes) -> list[bytes]:
        """Prometheus reads a bare line break inside of quotes as part of the value."""
        lines, at, end = [], 0, len(body.removesuffix(b"\n"))
        while at <= end:
            match = _LOGICAL.match(body, at, end)
            if match is None or (match.end() < end and body[match.end()] != ord("\n")):
                return self.lines(body)
            lines.append(match[0])
            at = match.end() + 1
        return lines

    def sample(self, line: bytes) -> Sample | None:
        """`name{label="value"} value [milliseconds]`."""
        match = _SAMPLE.fullmatch(line)
        if match is None or not match["series"]:
            if not line.strip(b" \t"):
                return None
            raise _complaint(line)
        stamp = match["stamp"]
        return Sample(match["series"], match["value"], None if stamp is None else in_range(_integer(stamp)))

    def remark(self, line: bytes) -> Remark:
        """`# HELP name text`, `# TYPE name type`; anything else behind "#" is a comment."""
        match = _METADATA.match(line)
        if match is None:
            return Remark("", "", line.lstrip(b"#").strip().decode(errors="replace"))
        word = match["word"].decode()
        named = _NAMED.match(match["rest"])
        if named is None:
            raise MalformedError(f"no metric name behind {word}")
        name, text = name_of(named["name"]), named["text"]
        text = text[1:] if text.strip(b" \t") else b""
        if word == "HELP":
            return Remark(word, name, _HELP_ESCAPE.sub(_meant, decoded(text)))
        kind = _KINDS.get(text)
        if kind is None:
            raise MalformedError(f"unknown metric type {text.decode(errors='replace')!r}")
        return Remark(word, name, "", kind)


def _integer(digits: bytes) -> int:
    if len(digits) > 20:
        raise MalformedError("a timestamp out of range")
    return int(digits)


def _meant(match: re.Match[str]) -> str:
    return "\n" if match[1] == "n" else "\\"


def _complaint(line: bytes) -> MalformedError:
    """Why a line that is not blank is no sample, as far as a look at its parts can tell."""
    match = _SERIES.match(line)
    rest = line[match.end() :].lstrip(b" \t") if match else line
    if rest.startswith(b"{"):
        return MalformedError("its label set is not closed", cut=True)
    if match is None or not match["series"]:
        return MalformedError("no metric name at its start")
    if rest:
        return MalformedError("only a value and a whole number of milliseconds may follow the series")
    return MalformedError("no value behind the series", cut=True)
