"""plotext behind our seam: the private names it needs, the lock, and which dot a point lights."""

from __future__ import annotations

import ctypes
import inspect
import threading
from importlib.metadata import version

import pytest
from plotext._kernel import tools
from plotext._kernel.clink import clink
from plotext._kernel.terminal import terminal
from plotext._signal.signal import signal_class

from cockpit.tui.charts.figure import Curve, Figure, Run, hold_lock


def line(*points: tuple[float, float]) -> Curve:
    """A curve through points."""
    x, y = zip(*points, strict=True)
    return Curve(x, y, [False, *[True] * (len(points) - 1)])


def dots(rows: list[list[Run]]) -> set[tuple[int, int]]:
    """The lit dots, by their place from the left and from the bottom."""
    places = [(0, 3), (0, 2), (0, 1), (1, 3), (1, 2), (1, 1), (0, 0), (1, 0)]
    texts = ["".join(run.text for run in row) for row in rows]
    return {
        (column * 2 + x, (len(texts) - 1 - row) * 4 + y)
        for row, text in enumerate(texts)
        for column, character in enumerate(text)
        for bit, (x, y) in enumerate(places)
        if character != " " and ord(character) - 0x2800 >> bit & 1
    }


def test_the_names_that_are_not_public_are_there() -> None:
    assert version("plotext") == "6.1.0"
    figure = terminal().limit(False, False)._master
    assert list(inspect.signature(figure._set_size).parameters) == ["width", "height"]
    assert figure._signals._signal == []
    assert isinstance(signal_class(1)._pointer, int)
    for name in ("signal_append_point", "signal_set_connected", "signal_set_marker"):
        assert callable(getattr(clink, name))
    assert tools.kernel_file_path.endswith(".so")


def test_the_kernel_is_bound_so_that_it_keeps_the_lock() -> None:
    assert hold_lock()
    held = type(ctypes.PyDLL(tools.kernel_file_path)["signal_new"])
    assert type(clink.signal_new).__mro__[1:] == held.__mro__[1:]
    assert clink.signal_append_point._flags_ & 0x4  # FUNCFLAG_PYTHONAPI


def test_where_the_library_cannot_be_loaded_again_the_first_binding_stays() -> None:
    class Refused(ctypes.CDLL):
        def __init__(self, *_: object) -> None:
            raise OSError("no second handle")

    before = dict(vars(clink))
    assert not hold_lock(Refused)
    assert dict(vars(clink)) == before
    assert dots(Figure().draw([line((0, 0))], 2, 1)) == {(0, 0)}


@pytest.mark.parametrize("x", range(8))
@pytest.mark.parametrize("y", range(12))
def test_a_point_lights_the_dot_it_is_in(x: int, y: int) -> None:
    rows = Figure().draw([line((x / 2 + 0.25, y / 4 + 0.125))], 4, 3)
    assert dots(rows) == {(x, y)}


def test_the_canvas_is_full_whatever_is_drawn() -> None:
    figure = Figure()
    for curves in ([], [line((0, 0), (7, 3))], [line((-7, -3), (14, 6))]):
        rows = figure.draw(curves, 7, 3)
        assert [sum(len(run.text) for run in row) for row in rows] == [7, 7, 7]


def test_only_joined_points_are_connected() -> None:
    apart = Figure().draw([Curve([0.25, 9.25], [0.125, 0.125], [False, False])], 10, 1)
    assert dots(apart) == {(0, 0), (18, 0)}
    assert len(dots(Figure().draw([line((0.25, 0.125), (9.25, 0.125))], 10, 1))) == 19


def test_the_later_curve_colours_the_cell_where_two_cross() -> None:
    rows = Figure().draw([line((0, 0.5), (9.9, 0.5)), line((5.2, 0.1), (5.2, 0.9))], 10, 1)
    assert [run.curve for run in rows[0]] == [0, 1, 0]


def test_more_curves_than_pens_were_made_for_are_told_apart() -> None:
    curves = [line((number + 0.25, 0.5)) for number in range(40)]
    (row,) = Figure().draw(curves, 40, 1)
    assert [run.curve for run in row] == list(range(40))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_would_take_the_process_down_is_an_error(bad: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        Figure().draw([line((0, bad), (1, 1))], 10, 5)


def test_figures_drawn_in_threads_at_once_do_not_mix() -> None:
    def draw(number: int) -> None:
        figure = Figure()
        for _ in range(20):
            results[number].append(dots(figure.draw([line((number + 0.25, 0.125))], 4, 1)))

    results: list[list[set[tuple[int, int]]]] = [[], [], []]
    threads = [threading.Thread(target=draw, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [[{(number * 2, 0)}] * 20 for number in range(3)]
