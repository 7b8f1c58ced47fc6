"""`make bench`: measure every figure and print it beside its goal. Names as arguments choose some."""

from __future__ import annotations

import importlib
import platform
import sys

from benchmarks.figures import table

ALL = (
    "startup",
    "lag",
    "keys",
    "shift",
    "steady",
    "chart",
    "dashboards",
    "exposition",
    "store",
    "promql",
    "metrics",
    "log_store",
    "log_live",
    "log_search",
    "log_files",
    "log_digest",
    "recording",
    "timeline",
)


def main(names: tuple[str, ...]) -> None:
    """Run the named benchmarks one after the other, so that they do not disturb each other."""
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    figures = []
    for name in names or ALL:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        figures += importlib.import_module(f"benchmarks.{name}").measure()
    print(table(figures))


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))
