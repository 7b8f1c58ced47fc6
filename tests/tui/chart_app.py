"""`python -m tests.tui.chart_app LOG [TEXT]`: a chart over the staged cockpit, TEXT in the place of its words."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from cockpit.tui.charts.view import View
from cockpit.tui.screens.chart import ChartScreen
from cockpit.tui.terminal import own_screen
from tests.tui.charted import HOUR, errors
from tests.tui.staged import cockpit, healthy


def main(log: str, *texts: str) -> int:
    """Run the app with the chart on the top; the exit code."""
    app, data = cockpit(healthy()), errors()
    for words in texts:
        data = replace(
            data,
            series=tuple(replace(each, label=words) for each in data.series),
            events=tuple(replace(each, label=words) for each in data.events),
            title=words,
            unit=words,
        )
    with own_screen(Path(log)):
        app.call_later(lambda: app.push_screen(ChartScreen(data, HOUR, View())))
        app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
