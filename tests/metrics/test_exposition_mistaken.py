from __future__ import annotations

import gzip
import time

import pytest

from benchmarks.payload import payload
from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.reader import Reader

PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><title>Sign in &mdash; Identity</title><style>p { color: red }</style></head>
<body><script>var a = "<p>";</script><p>Choose an <b>account</b></p></body></html>"""


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        (b"", "empty", "empty"),
        (PAGE, "html", "“Sign in &mdash; Identity Choose an account”"),
        (b"  <html></html>", "html", "web page"),
        (b'{"detail":"Not Found"}\n', "json", '“{"detail":"Not Found"}”'),
        (b"[]", "json", "“[]”"),
        (b"{}", "json", "“{}”"),
        (gzip.compress(payload(100), mtime=0), "binary", "compressed data"),
        (bytes(range(256)) * 4, "binary", "binary data"),
        (b"Service Unavailable\n", "syntax", "line 1: 'Unavailable' is no number: “Service Unavailable”"),
        (b"m 1\nmemory_ana", "truncated", "cut off in line 2: no value behind the series: “memory_ana”"),
        (b'm 1\nmemory{a="b', "truncated", "not closed"),
        (b"m 1\nmemory 1e", "truncated", "'1e' is no number"),
        (b"m 1\nmemory{a=b} 1", "syntax", "line 2: no value for the label a"),
        (b'm{a="\x1b]0;owned\x07"} x\n', "syntax", "␛]0;owned␇"),
    ],
)
def test_what_is_not_metrics_is_named_with_its_first_words(body: bytes, kind: str, words: str) -> None:
    with pytest.raises(ExpositionError) as caught:
        Reader().read(body, "text/plain")
    assert caught.value.kind == kind
    assert words in str(caught.value)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


def test_protobuf_is_not_read() -> None:
    with pytest.raises(ExpositionError, match="protobuf") as caught:
        Reader().read(b"\x0a\x01m", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily")
    assert caught.value.kind == "binary"


def test_more_series_than_are_taken() -> None:
    reader = Reader(max_series=100)
    assert len(reader.read("".join(f'm{{a="{at}"}} 1\n' for at in range(100)).encode()).ids) == 100
    with pytest.raises(ExpositionError, match="101 series, more than the 100 that are taken") as caught:
        reader.read("".join(f'm{{a="{at}"}} 1\n' for at in range(101)).encode())
    assert caught.value.kind == "too-many-series"


@pytest.mark.parametrize(
    "body",
    [
        b'm{a="' + b"y" * 2_000_000,
        b'm{a="' + b"\\" * 2_000_001 + b'"} 1\n',
        b"{" * 1_000_000,
        b'"' * 1_000_001,
        b"m{" + b'a="b",' * 200_000 + b"} 1\n",
        b'm{a="\n' * 200_000,
        b" " * 2_000_000 + b"x",
        b"# HELP " + b" " * 2_000_000,
    ],
)
def test_hostile_bodies_cost_no_more_than_their_length(body: bytes) -> None:
    start = time.process_time()
    with pytest.raises(ExpositionError) as caught:
        Reader().read(body, "text/plain")
    assert len(str(caught.value)) < 300
    assert time.process_time() - start < 5


@pytest.mark.parametrize("line", [b"\n", b"#\n", b" \t\n", b"# HELP a b\n"])
@pytest.mark.parametrize("media", ["text/plain", "application/openmetrics-text"])
def test_lines_without_samples_are_bounded_too(line: bytes, media: str) -> None:
    begun = time.process_time()
    with pytest.raises(ExpositionError, match="lines, more than the") as caught:
        Reader().read(line * (4 << 20), media)
    assert caught.value.kind == "too-many-series"
    assert time.process_time() - begun < 5
