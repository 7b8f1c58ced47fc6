"""A web service's metrics as Prometheus text, of any size: histograms, counters and gauges."""

from __future__ import annotations

import random
from collections.abc import Iterator

BOUNDS = ("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf")
ROUTES = tuple(
    f"/api/v2/{thing}/{deed}"
    for thing in ("memories", "threads", "concepts", "insights", "dashboards")
    for deed in ("list", "show", "create", "search")
)
STATUSES = ("200", "204", "301", "404", "422", "500")


def payload(series: int, moment: int = 0) -> bytes:
    """About `series` samples. Payloads of two moments have the same series; counters move on, gauges move."""
    draw = random.Random(series)
    lines: list[str] = []
    samples = family = 0
    while samples < series:
        kind = (_histogram, _counter, _gauge)[family % 3]
        for line in kind(family, max(2, series // 200), draw, moment):
            lines.append(line)
            samples += not line.startswith("#")
        family += 1
    return "\n".join([*lines, ""]).encode()


def _set(subsystem: int, number: int) -> str:
    """The labels that a service's series have in common: four of them, of about 80 characters."""
    route, status = ROUTES[number % len(ROUTES)], STATUSES[number % len(STATUSES)]
    return f'route="{route}",method="GET",status="{status}",shard="{subsystem}-{number}"'


def _head(name: str, kind: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} {kind}"


def _histogram(subsystem: int, size: int, draw: random.Random, moment: int) -> Iterator[str]:
    name = f"service_{subsystem}_duration_seconds"
    yield from _head(name, "histogram", "How long requests took, in seconds.")
    for number in range(max(1, size // 10)):
        labels, count = _set(subsystem, number), 0
        for bound in BOUNDS:
            count += draw.randrange(500) + moment * 3
            yield f'{name}_bucket{{{labels},le="{bound}"}} {float(count)}'
        yield f"{name}_count{{{labels}}} {float(count)}"
        yield f"{name}_sum{{{labels}}} {count * 0.1873 + draw.random()}"


def _counter(subsystem: int, size: int, draw: random.Random, moment: int) -> Iterator[str]:
    name = f"service_{subsystem}_requests_total"
    yield from _head(name, "counter", "Requests that were answered.")
    for number in range(size):
        yield f"{name}{{{_set(subsystem, number)}}} {float(draw.randrange(10**6) + moment * 7)}"


def _gauge(subsystem: int, size: int, draw: random.Random, moment: int) -> Iterator[str]:
    name = f"service_{subsystem}_queue_bytes"
    yield from _head(name, "gauge", "What waits, in bytes.")
    for number in range(size // 2):
        yield f"{name}{{{_set(subsystem, number)}}} {draw.random() * 1e5 + moment}"
