from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import wcwidth

from cockpit import text

HOSTILE = [
    ("\x1b]0;owned\x07", "␛]0;owned␇"),
    ("\x1b[2J\x1b[H", "␛[2J␛[H"),
    ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
    ("\x1b]8;;http://evil\x1b\\x", "␛]8;;http://evil␛\\x"),
    ("\x1bPq#0\x1b\\", "␛Pq#0␛\\"),
    ("\x1bc", "␛c"),
    ("\x1b_Gf=100\x1b\\", "␛_Gf=100␛\\"),
    ("\x9b31m", "�31m"),
    ("\x9d0;t\x9c", "�0;t�"),
    ("\x90q\x9c", "�q�"),
    ("\x84\x86", "��"),
    ("\x00", "␀"),
    ("\x07\x08\x0b\x0c", "␇␈␋␌"),
    ("\x0e\x0f\x1f", "␎␏␟"),
    ("\x7f", "␡"),
    ("a\rb", "a␍b"),
    ("a\r\nb", "a␊b"),
    ("a\nb", "a␊b"),
    ("a\x85b", "a␊b"),
    ("a\u2028b\u2029c", "a␊b␊c"),
    ("a\tb", "a    b"),
    ("\u202etxt.exe", "�txt.exe"),
    ("\u202a\u202b\u202c\u202d", "����"),
    ("\u2066\u2067\u2068\u2069", "����"),
    ("a\u200eb\u200fc\u061cd", "abcd"),
    ("a\u200bb\u200cc\u200dd\ufeffe\u2060f", "abcdef"),
    ("a\xadb\u034fc\u180ed", "abcd"),
    ("\U000e0041\U000e0042\U000e007f", ""),
    ("x\ufe0f\ufe00\U000e0100", "x"),
    ("\u3164\uffa0\u115f\u1160", "����"),
    ("\ud800\udc00\udfff", "���"),
    ("\ufff9a\ufffab\ufffb", "�a�b�"),
    ("\uffff\ufffe", "��"),
    ("Z" + "\u0301" * 500 + "e", "Z" + "\u0301" * 4 + "e"),
    ("a" + "\u20dd\u0301" * 50, "a" + "\u20dd\u0301" * 2),
    ("\u1112" + "\u1161" * 50, "\u1112" + "\u1161" * 4),
    ("\U0001d173\U0001bca0x", "x"),
    ("[bold red]x[/] [@click=app.quit]y[/]", "[bold red]x[/] [@click=app.quit]y[/]"),
    ("\\[x]", "\\[x]"),
]


@pytest.mark.parametrize(("raw", "safe"), HOSTILE)
def test_hostile_text(raw: str, safe: str) -> None:
    assert text.clean(raw) == safe


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "emergence-app-00279-kub",
        "Größe 10 % · €",
        "한국어 日本語",
        "שלום",
        "Tiếng Việt",
        "═══ ▁▂▃ ███",
        "👍🚀",
        "नमस्ते",
    ],
)
def test_honest_text_passes(plain: str) -> None:
    assert text.clean(plain) == plain


def test_lines_may_stay_lines() -> None:
    raw = "Traceback\r\n  File\x85\tx\u2028y\x1b[0m\rz"
    assert text.clean(raw, newlines=True) == "Traceback\n  File\n    x\ny␛[0m␍z"


def dangerous(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or (
        unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    )


anything = st.text(st.characters(codec=None), max_size=80)


@given(anything, st.booleans())
def test_nothing_dangerous_is_left(raw: str, newlines: bool) -> None:
    safe = text.clean(raw, newlines=newlines)
    assert not any(dangerous(each) for each in safe if not (newlines and each == "\n"))
    assert text.clean(safe, newlines=newlines) == safe
    assert safe.encode("utf-8").decode("utf-8") == safe


@given(st.text(st.sampled_from("a한\u0301\u0300\u20dd\u1161\u200d\ufe0f👍 "), max_size=60))
def test_floods_are_thinned(raw: str) -> None:
    run = 0
    for each in text.clean(raw):
        run = run + 1 if unicodedata.category(each) in {"Mn", "Me"} or each == "\u1161" else 0
        assert run <= 4


@given(anything.map(text.clean), st.integers(0, 40))
def test_shortened_text_fits(safe: str, cells: int) -> None:
    short = text.shorten(safe, cells)
    assert text.width(short) <= cells
    if text.width(safe) <= cells:
        assert short == safe
    elif cells:
        assert short.endswith("…")
        assert safe.startswith(short[:-1])


def test_every_character_is_as_wide_as_the_tables_say() -> None:
    """Those that are counted without the tables too."""
    printable = filter(str.isprintable, map(chr, range(sys.maxunicode + 1)))
    assert [each for each in printable if text.width(each) != wcwidth(each)] == []


@given(st.text(st.sampled_from("aé한日👍€ः─█नम"), max_size=30).map(text.clean), st.integers(0, 40))
def test_widths_agree_with_the_terminal_library(safe: str, cells: int) -> None:
    assert text.width(safe) == cell_len(safe)
    assert cell_len(text.shorten(safe, cells)) <= cells


@pytest.mark.parametrize(
    ("raw", "cells", "short"),
    [
        ("hello", 5, "hello"),
        ("hello", 4, "hel…"),
        ("hello", 1, "…"),
        ("hello", 0, ""),
        ("한국어", 5, "한국…"),
        ("한국어", 4, "한…"),
    ],
)
def test_shorten(raw: str, cells: int, short: str) -> None:
    assert text.shorten(raw, cells) == short


@pytest.mark.parametrize(
    ("seconds", "says"),
    [
        (None, ""),
        (-5, "0s"),
        (0.9, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86399, "23h"),
        (86400, "1d"),
    ],
)
def test_age(seconds: float | None, says: str) -> None:
    assert text.age(seconds) == says


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(None, ""), (-1, "0.0 s"), (0.44, "0.4 s"), (9.94, "9.9 s"), (9.96, "10 s"), (52.4, "52 s"), (59.7, "1 min"),
     (67, "1 min 7 s"), (3600, "1 h"), (7500, "2 h 5 min")],
)  # fmt: skip
def test_duration(seconds: float | None, says: str) -> None:
    assert text.duration(seconds) == says


@pytest.mark.parametrize(
    ("value", "digits", "says"),
    [(10, 0, "10 %"), (14.83, 1, "14.8 %"), (0, 0, "0 %"), (0.2, 0, "<1 %"), (100, 0, "100 %")],
)
def test_percent(value: float, digits: int, says: str) -> None:
    assert text.percent(value, digits) == says
