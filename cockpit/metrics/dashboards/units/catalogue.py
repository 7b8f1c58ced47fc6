"""Grafana's units by their ids, and how a value of each is written.

packages/grafana-data/src/valueFormats/categories.ts in grafana/grafana.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from cockpit.metrics.dashboards.units.numbers import (
    Formatted,
    currency,
    fixed,
    grouped,
    hexadecimal,
    plain,
    scaled,
    scientific,
    truth,
)
from cockpit.metrics.dashboards.units.spans import DATES, clock, date, hours_minutes_seconds, in_words, span

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    Formatter = Callable[[float, int | None], Formatted]

_SI = ("f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y")
_ONE = _SI.index("")
_BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi")
_COUNTS = ("", "K", "M", "B", "T")
_SHORT = ("", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept")

_PLAIN = {
    "none": "",
    "string": "",
    "percent": "%",
    "humidity": " %H",
    "dB": " dB",
    "dBm": " dBm",
    "pixel": " px",
    "degree": " °",
    "radian": " rad",
    "ppm": " ppm",
    "conppb": " ppb",
    "celsius": " °C",
    "fahrenheit": " °F",
    "farenheit": " °F",
    "kelvin": " K",
    "rotrpm": " rpm",
    "rotrads": " rad/s",
    "velocityms": " m/s",
    "velocitykmh": " km/h",
    "velocitymph": " mph",
    "velocityknot": " kn",
    "lengthft": " ft",
    "lengthmi": " mi",
    "lengthin": " in",
    "masslb": " lb",
    "masst": " t",
    "m3": " m³",
    "Nm3": " Nm³",
    "dm3": " dm³",
    "gallons": " gal",
    "areaM2": " m²",
    "Wm2": " W/m²",
    "accMS2": " m/s²",
    "accG": " g",
    "litreh": " L/h",
    "flowlpm": " L/min",
    "flowcms": " cms",
    "lux": " lux",
    "pressurehpa": " hPa",
    "pressurekpa": " kPa",
}
_DECIMAL = {
    "decbytes": "B",
    "decbits": "b",
    "Bps": "B/s",
    "bps": "b/s",
    "pps": "p/s",
    "hertz": "Hz",
    "rothz": "Hz",
    "flops": "FLOPS",
    "Hs": "H/s",
    "watt": "W",
    "voltamp": "VA",
    "voltampreact": "VAr",
    "watth": "Wh",
    "amph": "Ah",
    "joule": "J",
    "ev": "eV",
    "amp": "A",
    "volt": "V",
    "ohm": "Ω",
    "farad": "F",
    "henry": "H",
    "lumens": "Lm",
    "massg": "g",
    "lengthm": "m",
    "litre": "L",
    "forceN": "N",
    "forceNm": "Nm",
    "pressurebar": "bar",
    "pressurepa": "Pa",
    "radbq": "Bq",
    "radsv": "Sv",
    "radsvh": "Sv/h",
}
_PREFIXED = {
    "deckbytes": ("B", 1),
    "decmbytes": ("B", 2),
    "decgbytes": ("B", 3),
    "dectbytes": ("B", 4),
    "decpbytes": ("B", 5),
    "KBs": ("B/s", 1),
    "MBs": ("B/s", 2),
    "GBs": ("B/s", 3),
    "TBs": ("B/s", 4),
    "PBs": ("B/s", 5),
    "Kbits": ("b/s", 1),
    "Mbits": ("b/s", 2),
    "Gbits": ("b/s", 3),
    "Tbits": ("b/s", 4),
    "Pbits": ("b/s", 5),
    "kwatt": ("W", 1),
    "megwatt": ("W", 2),
    "gwatt": ("W", 3),
    "mwatt": ("W", -1),
    "kvoltamp": ("VA", 1),
    "kwatth": ("Wh", 1),
    "kamph": ("Ah", 1),
    "mamph": ("Ah", -1),
    "kamp": ("A", 1),
    "mamp": ("A", -1),
    "kvolt": ("V", 1),
    "mvolt": ("V", -1),
    "kohm": ("Ω", 1),
    "Mohm": ("Ω", 2),
    "µfarad": ("F", -2),
    "nfarad": ("F", -3),
    "pfarad": ("F", -4),
    "masskg": ("g", 1),
    "massmg": ("g", -1),
    "lengthkm": ("m", 1),
    "lengthmm": ("m", -1),
    "mlitre": ("L", -1),
    "pressurembar": ("bar", -1),
    "pressurekbar": ("bar", 1),
    "radmsv": ("Sv", -1),
    "radusv": ("Sv", -2),
}
_BINARIES = {
    "bytes": ("B", 0),
    "bits": ("b", 0),
    "kbytes": ("B", 1),
    "mbytes": ("B", 2),
    "gbytes": ("B", 3),
    "tbytes": ("B", 4),
    "pbytes": ("B", 5),
    "binBps": ("B/s", 0),
    "binbps": ("b/s", 0),
    "KiBs": ("B/s", 1),
    "MiBs": ("B/s", 2),
    "GiBs": ("B/s", 3),
    "TiBs": ("B/s", 4),
    "PiBs": ("B/s", 5),
    "Kibits": ("b/s", 1),
    "Mibits": ("b/s", 2),
    "Gibits": ("b/s", 3),
    "Tibits": ("b/s", 4),
    "Pibits": ("b/s", 5),
}
_RATES = {
    "cps": "c/s",
    "ops": "ops/s",
    "reqps": "req/s",
    "rps": "rd/s",
    "wps": "wr/s",
    "iops": "io/s",
    "eps": "evt/s",
    "mps": "msg/s",
    "recps": "rec/s",
    "rowsps": "rows/s",
    "cpm": "c/m",
    "opm": "ops/m",
    "reqpm": "req/m",
    "rpm": "rd/m",
    "wpm": "wr/m",
    "epm": "evts/m",
    "mpm": "msgs/m",
}
_MONEY = {
    "USD": "$",
    "GBP": "£",
    "EUR": "€",
    "JPY": "¥",
    "RUB": "₽",
    "UAH": "₴",
    "BRL": "R$",
    "CZK": "czk",
    "CHF": "CHF",
    "PLN": "PLN",
    "BTC": "฿",
    "mBTC": "mBTC",
    "ZAR": "R",
    "INR": "₹",
    "KRW": "₩",
    "CAD": "C$",
    "AUD": "A$",
}
_MONEY_BEHIND = {"DKK": "kr", "ISK": "kr", "NOK": "kr", "SEK": "kr", "VND": "đ", "TRY": "₺"}
_SPANS = {"ns": (1e-9, "ns"), "µs": (1e-6, "µs"), "ms": (1e-3, "ms"), "s": (1.0, "s")} | {
    "m": (60.0, "min"),
    "h": (3600.0, "hour"),
    "d": (86_400.0, "day"),
}
_RANGES = {"percent": (0.0, 100.0), "percentunit": (0.0, 1.0)}


def formatted(
    value: float, unit: str | None = None, decimals: int | None = None, *, now: float = 0.0, zone: tzinfo = UTC
) -> Formatted:
    """A value as Grafana writes it; a unit it does not know stands behind the number.

    Dates are epoch milliseconds, shown in `zone`; `now`, in epoch seconds, is what they are "today" or "ago" from.
    """
    unit = unit or "none"
    if unit == "dateTimeFromNow" or unit.startswith("time:") or unit.removesuffix("NoDateIfToday") in DATES:
        return date(value, unit, now, zone)
    return (_UNITS.get(unit) or _custom(unit))(value, decimals)


def is_known(unit: str) -> bool:
    """Whether Grafana has a unit of this id; others are words of the dashboard's own."""
    return unit in _UNITS or unit.startswith(("dateTime", "prefix:", "suffix:", "time:", "si:", "count:", "bool:"))


def implied_range(unit: str | None) -> tuple[float, float] | None:
    """The bounds that values of a unit have by themselves: percents."""
    return _RANGES.get(unit or "")


def _decimal(unit: str, power: int = 0) -> Formatter:
    return scaled(1000, tuple(f" {prefix}{unit}" for prefix in _SI), _ONE + power)


def _binary(unit: str, power: int = 0) -> Formatter:
    return scaled(1024, tuple(f" {prefix}{unit}" for prefix in _BINARY), power)


def _count(symbol: str) -> Formatter:
    return scaled(1000, tuple(f"{prefix} {symbol}" for prefix in _COUNTS))


def _percent_of_one(value: float, decimals: int | None) -> Formatted:
    return Formatted(fixed(value * 100, decimals), suffix="%")


def _custom(unit: str) -> Formatter:
    """A unit that a dashboard makes up: prefix:, suffix:, si:, count:, currency:, bool:, or a bare word."""
    kind, colon, rest = unit.partition(":")
    if not colon or kind not in _MAKERS:
        return plain(f" {unit}")
    return _MAKERS[kind](rest)


def _si(text: str) -> Formatter:
    """A unit with the prefix it is counted in: `si:mF`."""
    power = _SI.index(text[0]) - _ONE if len(text) > 1 and text[0] in _SI else 0
    return _decimal(text[1:] if power else text, power)


def _bool(text: str) -> Formatter:
    yes, slash, no = text.partition("/")
    return truth(yes, no if slash else "-")


_MAKERS: dict[str, Callable[[str], Formatter]] = {
    "prefix": lambda text: plain(prefix=text),
    "suffix": lambda text: plain(f" {text}"),
    "custom": lambda text: plain(f" {text}"),
    "si": _si,
    "count": _count,
    "currency": currency,
    "bool": _bool,
}

_UNITS: dict[str, Formatter] = {
    **{unit: plain(suffix) for unit, suffix in _PLAIN.items()},
    **{unit: _decimal(symbol) for unit, symbol in _DECIMAL.items()},
    **{unit: _decimal(*prefixed) for unit, prefixed in _PREFIXED.items()},
    **{unit: _binary(*prefixed) for unit, prefixed in _BINARIES.items()},
    **{unit: _count(symbol) for unit, symbol in _RATES.items()},
    **{f"currency{code}": currency(symbol) for code, symbol in _MONEY.items()},
    **{f"currency{code}": currency(symbol, behind=True) for code, symbol in _MONEY_BEHIND.items()},
    **{unit: span(*counted) for unit, counted in _SPANS.items()},
    "short": scaled(1000, _SHORT),
    "percentunit": _percent_of_one,
    "sci": scientific,
    "locale": grouped,
    "hex": hexadecimal(""),
    "hex0x": hexadecimal("0x"),
    "bool": truth("True", "False"),
    "bool_yes_no": truth("Yes", "No"),
    "bool_on_off": truth("On", "Off"),
    "dtdurationms": in_words(1),
    "dtdurations": in_words(1000),
    "dthms": hours_minutes_seconds(days=False),
    "dtdhms": hours_minutes_seconds(days=True),
    "clockms": clock(1),
    "clocks": clock(1000),
    "timeticks": span(0.01, "s"),
}
