"""The only door through which untrusted text reaches a terminal, and the formats people read.

`clean` answers plain text: it never adds or interprets markup. Whoever shows it must not parse it as markup
either. Widths are counted after cleaning, never before.
"""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LINE_BREAK = "␊"
_TAB = "    "
_MARKS_AT_MOST = 4

# Line breaks; then what can drive a terminal, reorder a line, or hide (shown); then what has no width (dropped).
_BREAKS = re.compile("\r\n|[\n\x85\u2028\u2029]")
_SHOWN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x84\x86-\x9f"
    "\u115f\u1160\u3164\uffa0"
    "\u202a-\u202e\u2066-\u2069"
    "\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
_DROPPED = re.compile(
    "[\xad\u034f\u061c\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Runs that may be combining marks (which re cannot name) or Hangul vowels that melt into the syllable before them.
_VOWELS = re.compile("[\u1161-\u11ff\ud7b0-\ud7ff]")
_SUSPECT = re.compile(rf"(?:[^\w\x00-\x7f]|{_VOWELS.pattern}){{{_MARKS_AT_MOST + 1},}}")
# Latin letters, dashes, arrows, boxes, blocks and braille, one cell each: nobody asks wcwidth's tables for these.
_NARROW = re.compile("[ -~\xa0-\u02ff\u2010-\u2027\u2190-\u2319\u232b-\u23e8\u2400-\u25fc\u2800-\u28ff]*")


_COLOUR = re.compile("\x1b\\[[0-9;:]*m")


def uncoloured(text: str) -> str:
    """The text without the colours that a program paints its lines with: they say nothing, and hide what does."""
    return _COLOUR.sub("", text) if "\x1b[" in text else text


def clean(text: str, *, newlines: bool = False) -> str:
    """Make text safe to write to a terminal, for one line, or for several with `newlines`.

    C0 controls and DEL show as their pictures (ESC as ␛), a tab as four spaces; C1 controls, bidi overrides,
    invisible fillers and lone surrogates as �; line breaks of every kind as ␊ or, with `newlines`, as "\\n".
    Zero-width and other format characters are dropped, and at most four marks stay on one character. Cleaning
    twice changes nothing.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n" if newlines else _LINE_BREAK, text)
    text = _SHOWN.sub(_picture, text)
    if text.isascii():
        return text
    return _SUSPECT.sub(_thin, _DROPPED.sub("", text))


def width(text: str) -> int:
    """Terminal cells that one line of cleaned text takes."""
    if _is_narrow(text):
        return len(text)
    from wcwidth import wcwidth

    return sum(map(wcwidth, text))


def shorten(text: str, cells: int) -> str:
    """Cut one line of cleaned text to at most `cells` terminal cells; an ellipsis stands for what is gone."""
    narrow = _is_narrow(text)
    if narrow and len(text) <= cells:
        return text
    if cells < 1:
        return ""
    if narrow:
        return text[: cells - 1] + ELLIPSIS
    from wcwidth import wcwidth

    used = cut = 0
    for at, character in enumerate(text, start=1):
        used += wcwidth(character)
        if used > cells:
            return text[:cut] + ELLIPSIS
        if used < cells:
            cut = at
    return text


def age(seconds: float | None) -> str:
    """How long ago, in one unit: "42s", "12m", "5h", "3d"; "" for None."""
    if seconds is None:
        return ""
    whole = max(0, int(seconds))
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def duration(seconds: float | None) -> str:
    """How long something took: "0.4 s", "52 s", "1 min 7 s", "2 h 5 min"; "" for None."""
    if seconds is None:
        return ""
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def percent(value: float, digits: int = 0) -> str:
    """A percentage: "10 %", "14.8 %". Between 0 and 1 with no digits it says "<1 %", never 0."""
    if not digits and 0 < value < 1:
        return "<1 %"
    return f"{value:.{digits}f} %"


def _is_narrow(text: str) -> bool:
    return text.isascii() or _NARROW.fullmatch(text) is not None


def _picture(match: re.Match[str]) -> str:
    character = match[0]
    if character == "\t":
        return _TAB
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else _REPLACEMENT


def _thin(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match[0]:
        marks = marks + 1 if _melts(character) else 0
        if marks <= _MARKS_AT_MOST:
            kept.append(character)
    return "".join(kept)


def _melts(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"} or _VOWELS.match(character) is not None
