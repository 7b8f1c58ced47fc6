"""Numbers as Prometheus reads and writes them: Go's decimal floats, without hexadecimal or underscores."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cockpit.metrics.exposition.grammar import MalformedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_NUMBER = re.compile(
    rb"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|(?P<infinite>inf(?:inity)?))|nan", re.IGNORECASE
)
_BEGUN = re.compile(rb"[+-]?(?:[0-9.]+(?:e[+-]?)?|in?|na?)?", re.IGNORECASE)
_USUAL = b"0123456789.eE+-NaInf\n"
_QUOTE_AT_MOST = 40


def number(text: bytes) -> float:
    """One value. Raises MalformedError where Prometheus would: `1_000`, `0x1p3`, `-nan`, `1e400`, blanks."""
    match = _NUMBER.fullmatch(text)
    value = float(text) if match else 0.0
    if match is None or (math.isinf(value) and not match["infinite"]):
        raise MalformedError(
            f"{text[:_QUOTE_AT_MOST].decode(errors='replace')!r} is no number", cut=bool(_BEGUN.fullmatch(text))
        )
    return value


def numbers(texts: Sequence[bytes]) -> NDArray[np.float64]:
    """Many values at once, decided as `number` decides; MalformedError says `at` which position.

    Python's `float` takes more than Prometheus does, but only with characters that are none of the usual ones,
    or with a result that is not finite: those are looked at again.
    """
    try:
        values = np.fromiter(map(float, texts), np.float64, count=len(texts))
    except ValueError:
        _check(texts, range(len(texts)))
        raise
    if b"\n".join(texts).translate(None, _USUAL):
        _check(texts, range(len(texts)))
    _check(texts, np.flatnonzero(~np.isfinite(values)).tolist())
    return values


@lru_cache(4096)
def canonical(text: str) -> str:
    """A bucket's bound or a quantile as OpenMetrics writes it, "1" as "1.0"; what is no number stays.

    Prometheus 3 does this to the `le` of histograms and the `quantile` of summaries, so that series of Go and
    Python programs compare.
    """
    try:
        value = number(text.encode())
    except MalformedError:
        return text
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return repr(value + 0.0)
    digits = len(repr(value).partition("e")[0].lstrip("-").replace(".", "").strip("0"))
    return f"{value:.{max(digits - 1, 0)}e}"


def _check(texts: Sequence[bytes], positions: Sequence[int]) -> None:
    for at in positions:
        try:
            number(texts[at])
        except MalformedError as fault:
            fault.at = at
            raise
