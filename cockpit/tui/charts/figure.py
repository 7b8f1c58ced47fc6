"""Lines as braille, drawn by plotext's kernel. Whatever private name of plotext's we need stands in this file.

plotext's public way copies every point several times in Python and would also draw axes and labels; here it gets
points in cells of the canvas and gives back characters, each with the number of the pen that drew it. A pen is one
of the 256 colour numbers: the theme's colours come in later, so that a picture does not depend on the theme.
"""

from __future__ import annotations

import ctypes
import math
import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import plotext
from plotext._kernel import tools
from plotext._kernel.clink import clink
from plotext._kernel.terminal import terminal
from plotext._signal.signal import signal_class

if TYPE_CHECKING:
    from collections.abc import Sequence

_SGR = re.compile(r"\x1b\[([0-9;]*)m")
_PEN = "38;5;"
_FIRST_PEN, _PENS = 16, 240
"""Below 16, terminals have codes of their own for a colour."""


class Curve(NamedTuple):
    """A line in cells: `x` from the left and `y` from the bottom edge. `joined` as in `decimate.Points`."""

    x: Sequence[float]
    y: Sequence[float]
    joined: Sequence[bool]


class Run(NamedTuple):
    """Neighbouring cells drawn by one curve, by its number; None for cells without any."""

    text: str
    curve: int | None


def hold_lock(load: type[ctypes.CDLL] = ctypes.PyDLL) -> bool:
    """Bind the kernel so that its calls keep the interpreter's lock; whether it could be bound so.

    plotext's own binding lets go of the lock for every point, and beside a busy thread each return takes up to a
    switch interval: 11 ms of drawing become a second. Where the library cannot be loaded a second time, that
    binding stays.
    """
    try:
        kernel = load(tools.kernel_file_path)
        bound = {name: kernel[name] for name, function in vars(clink).items() if name != "last_function"}
    except (OSError, AttributeError):
        return False
    for name, function in bound.items():
        function.argtypes, function.restype = getattr(clink, name).argtypes, getattr(clink, name).restype
        setattr(clink, name, function)
    return True


hold_lock()


class Figure:
    """A canvas without axes. Figures share nothing, so one may be drawn while another is."""

    def __init__(self) -> None:
        self._terminal = terminal().limit(False, False)
        self._figure = figure = self._terminal._master
        figure.canvas("default")
        figure.axes(False)
        for axis in ("x", "y"):
            figure.ruler(axis).ticks([], [])
            figure.ruler(axis).alignment(lim="edge")
        self._markers = [_marker(pen) for pen in range(_FIRST_PEN, _FIRST_PEN + 8)]

    def draw(self, curves: Sequence[Curve], columns: int, rows: int) -> list[list[Run]]:
        """The rows of the canvas, from the top. Where curves cross in a cell, its colour is the later one's.

        Points may lie beside the canvas, though not far: a line is walked dot by dot. Raises ValueError for one
        that is not finite, as the kernel would take the whole process down with it.
        """
        if not all(map(math.isfinite, chain.from_iterable((*curve.x, *curve.y) for curve in curves))):
            raise ValueError("a point of a curve is not finite")
        figure = self._figure
        figure.clear.data()
        figure._set_size(columns, rows)
        figure.ruler("x").lim(0, columns)
        figure.ruler("y").lim(0, rows)
        for number, curve in enumerate(curves):
            if len(curve.x):
                figure._signals._signal.append(self._signal(curve, number))
        lines = figure.build().string().splitlines()
        return [_runs(line) for line in lines[:rows]]

    def _signal(self, curve: Curve, number: int) -> signal_class:
        """The curve as plotext's own signal, each point handed to the kernel once."""
        while len(self._markers) <= number:
            self._markers.append(_marker(_FIRST_PEN + len(self._markers) % _PENS))
        marker = self._markers[number]
        signal = signal_class(len(curve.x))
        append, connect, pointer, pen = (
            clink.signal_append_point,
            clink.signal_set_connected,
            signal._pointer,
            marker._pointer,
        )
        for x, y in zip(curve.x, curve.y, strict=True):
            append(pointer, x, y, pen)
        for place, joined in enumerate(curve.joined):
            if joined:
                connect(pointer, place, True)
        clink.signal_set_marker(pointer, pen)
        return signal


def _marker(pen: int) -> plotext.marker:
    return plotext.marker("braille", plotext.pixel(foreground=pen))


def _runs(line: str) -> list[Run]:
    """One row of plotext's output: text between the escape sequences that change the pen."""
    parts = _SGR.split(line)
    runs: list[Run] = []
    curve: int | None = None
    for code, text in zip(["", *parts[1::2]], parts[::2], strict=True):
        if code in {"", "0"}:
            curve = None
        elif code.startswith(_PEN):
            curve = int(code.removeprefix(_PEN)) - _FIRST_PEN
        if text:
            runs.append(Run(text, curve))
    return runs
