"""Which grammar a body is read by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.openmetrics import OpenMetrics
from cockpit.metrics.exposition.text import PrometheusText

if TYPE_CHECKING:
    from cockpit.metrics.exposition.grammar import Grammar

_GRAMMARS: dict[str, Grammar] = {"text/plain": PrometheusText(), "application/openmetrics-text": OpenMetrics()}
_PROTOBUF = "application/vnd.google.protobuf"


def grammar_of(body: bytes, content_type: str = "") -> Grammar:
    """By the media type, as Prometheus has it: the version and other parameters decide nothing.

    Where there is none, or another, the body tells: one that ends with `# EOF` is OpenMetrics, any other text.
    Raises ExpositionError for protobuf, which nobody here asks for.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media == _PROTOBUF:
        raise ExpositionError("not metrics as text but protobuf: ask for text/plain with Accept", "binary")
    ended = body.removesuffix(b"\n").endswith(b"# EOF")
    return _GRAMMARS.get(media) or _GRAMMARS["application/openmetrics-text" if ended else "text/plain"]
