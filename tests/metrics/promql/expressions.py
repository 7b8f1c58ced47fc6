"""Random PromQL over the series of `varied`: well-typed, and clear of what Prometheus 2 and 3 answer differently.

Rates stand on counters that stay far from zero, where both stretch them alike. Of equal values topk() may choose
any, so it ranks series whose values differ. Dates and deviations are of finite numbers, of others they were what
the processor makes of them, or 0. A subquery in a subquery has samples on the edges of its windows, parameters of
aggregations were read at the first step only; neither is asked for, nor what Debian's server lacks.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

T = TypeVar("T")

COUNTERS = ("requests_total", 'requests_total{code="500"}', 'requests_total{instance=~"a|b", code!="404"}')
GAUGES = (
    "level",
    'level{instance="a"}',
    "odd",
    'odd{instance!~"c.*"}',
    '{__name__=~"level|odd"}',
    "lone",
    "UPPER",
)
DISTINCT = ("level", 'level{zone="east"}', "lone")
BUCKETS = ("took_seconds_bucket", 'took_seconds_bucket{instance="a"}')
LABELS = ("instance", "code", "zone", "le", "nowhere", "__name__")
SPANS = ("20s", "50s", "2m", "5m", "11m")
STEPS = ("", "7s", "30s", "90s")
OFFSETS = ("", " offset 40s", " offset -1m", " offset 10m")
NUMBERS = ("0", "1", "-1", "2.5", "7", "1e3", "0.5", "NaN", "Inf", "-Inf")
SMALL = ("1", "2", "3")
QUANTILES = ("0", "0.25", "0.5", "0.9", "1", "-1", "2")
RATES = ("rate", "increase", "irate", "delta", "idelta")
OVER_TIME = tuple(
    f"{name}_over_time" for name in ("avg", "min", "max", "sum", "count", "last", "present", "stddev", "stdvar")
)
TRENDS = ("changes", "resets", "deriv", "delta", "idelta")
ELEMENTWISE = (
    *("abs", "ceil", "floor", "exp", "ln", "log2", "log10", "sqrt", "sgn", "deg", "rad", "round", "asin", "acos"),
    *("atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "sort", "sort_desc"),
)
OF_SMALL_NUMBERS = (
    *("minute", "hour", "day_of_week", "day_of_month", "day_of_year", "days_in_month", "month", "year"),
    *("sin", "cos", "tan"),
)
AGGREGATIONS = ("sum", "avg", "min", "max", "count", "group")
DEVIATIONS = ("stddev", "stdvar")
ARITHMETIC = ("+", "-", "*", "/", "%", "^")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
SETS = ("and", "or", "unless")


class Expressions:
    """Expressions as one random source makes them; `depth` bounds how deep operators and functions nest."""

    def __init__(self, random: Random, depth: int = 3) -> None:
        self._random = random
        self._depth = depth
        self._inside_subquery = False

    def next(self) -> str:
        """One expression, nearly always a vector."""
        return self._scalar(self._depth) if self._chance(0.05) else self._vector(self._depth)

    def _vector(self, depth: int) -> str:
        if depth <= 0 or self._chance(0.1):
            return self._selector(self._pick((*COUNTERS, *GAUGES, *BUCKETS)))
        makers: tuple[Callable[[int], str], ...] = (
            self._elementwise,
            self._aggregated,
            self._aggregated,
            self._ranged,
            self._ranged,
            self._rate,
            self._joined,
            self._joined,
            self._with_number,
            self._with_number,
            self._special,
        )
        return self._pick(makers)(depth - 1)

    def _scalar(self, depth: int) -> str:
        if depth <= 0 or self._chance(0.6):
            return self._pick((*NUMBERS, *NUMBERS, "time()", "pi()"))
        if self._chance(0.4):
            return f"scalar({self._vector(depth - 1)})"
        left, right = self._scalar(depth - 1), self._scalar(depth - 1)
        operator = self._pick((*ARITHMETIC, *(f"{each} bool" for each in COMPARISONS)))
        return self._bracketed(f"{left} {operator} {right}")

    def _selector(self, series: str) -> str:
        return series + self._modifier() if self._chance(0.3) else series

    def _modifier(self) -> str:
        at = self._pick(("", "", " @ start()", " @ end()", " @ 1700000900.137"))
        return at + self._pick(OFFSETS)

    def _range(self, depth: int, modifier: str) -> str:
        span = self._pick(SPANS)
        if self._inside_subquery or depth <= 0 or self._chance(0.65):
            return f"{self._pick((*COUNTERS, *GAUGES))}[{span}]{modifier}"
        self._inside_subquery = True
        inner = self._vector(depth - 1)
        self._inside_subquery = False
        return f"({inner})[{span}:{self._pick(STEPS)}]{modifier}"

    def _rate(self, _: int) -> str:
        counter, span = self._pick(COUNTERS), self._pick(SPANS)
        step = f":{self._pick(STEPS)}" if self._chance(0.2) and not self._inside_subquery else ""
        return f"{self._pick(RATES)}({counter}[{span}{step}]{self._modifier()})"

    def _ranged(self, depth: int) -> str:
        if self._chance(0.2):
            # Prometheus moves a range with @ along where a parameter or the function itself has another value
            # at each step, in spite of the @.
            quantile, samples = self._parameter(depth, QUANTILES), self._range(depth, self._pick(OFFSETS))
            if self._chance(0.5):
                return f"quantile_over_time({quantile}, {samples})"
            return f"predict_linear({samples}, {self._parameter(depth, NUMBERS)})"
        samples = self._range(depth, self._modifier())
        if self._chance(0.1):
            return f"absent_over_time({samples})"
        return f"{self._pick((*OVER_TIME, *OVER_TIME, *TRENDS))}({samples})"

    def _elementwise(self, depth: int) -> str:
        function, vector = self._pick(ELEMENTWISE), self._vector(depth)
        if function == "round" and self._chance(0.5):
            return f"round({vector}, {self._pick(('0.1', '5', '0.25'))})"
        return f"{function}({vector})"

    def _aggregated(self, depth: int) -> str:
        grouping = self._grouping()
        if self._chance(0.1):
            ranked = self._pick(DISTINCT)
            return f"{self._pick(('topk', 'bottomk'))}{grouping} ({self._pick(SMALL)}, {ranked})"
        vector = self._vector(depth)
        if self._chance(0.1):
            return f"quantile{grouping} ({self._pick(QUANTILES)}, {vector})"
        if self._chance(0.1):
            return f'count_values{grouping} ("zzz", {self._pick(GAUGES)})'
        if self._chance(0.1):
            return f"{self._pick(DEVIATIONS)}{grouping} ({self._selector(self._pick((*COUNTERS, *DISTINCT)))})"
        return f"{self._pick(AGGREGATIONS)}{grouping} ({vector})"

    def _special(self, depth: int) -> str:
        makers: tuple[Callable[[int], str], ...] = (
            lambda depth: f"absent({self._vector(depth)})",
            lambda depth: f"vector({self._scalar(depth)})",
            lambda depth: f"clamp({self._vector(depth)}, {self._scalar(depth)}, {self._scalar(depth)})",
            lambda depth: f"clamp_{self._pick(('min', 'max'))}({self._vector(depth)}, {self._scalar(depth)})",
            lambda depth: f"-{self._bracketed(self._vector(depth))}",
            self._timestamp,
            lambda _: f"{self._pick(OF_SMALL_NUMBERS)}({self._selector(self._pick((*COUNTERS, *DISTINCT)))})",
            self._quantile_of_buckets,
            self._relabelled,
        )
        return self._pick(makers)(depth)

    def _timestamp(self, depth: int) -> str:
        """Without @, which Debian's server answers nothing to."""
        taken = f"{self._pick(GAUGES)}{self._pick(OFFSETS)}"
        return f"timestamp({taken if self._chance(0.5) else f'{self._vector(depth)} + 0'})"

    def _quantile_of_buckets(self, depth: int) -> str:
        buckets = self._pick(BUCKETS)
        if self._chance(0.5):
            buckets = f"{self._pick(('rate', 'increase'))}({buckets}[{self._pick(SPANS)}])"
        if self._chance(0.5):
            buckets = f"sum by (le{self._pick(('', ', instance'))}) ({buckets})"
        return f"histogram_quantile({self._parameter(depth, QUANTILES)}, {buckets})"

    def _relabelled(self, depth: int) -> str:
        vector, target, source = self._vector(depth), self._pick(LABELS[:-1]), self._pick(LABELS)
        if self._chance(0.3):
            return f'label_join({vector}, "{target}", "-", "{source}", "{self._pick(LABELS)}")'
        pattern, template = self._pick((("(.)(.*)", "$2-$1"), ("(.*)", "x"), ("([a-c]).*", "${1}1"), ("", "$1")))
        return f'label_replace({vector}, "{target}", "{template}", "{source}", "{pattern}")'

    def _joined(self, depth: int) -> str:
        left, right = self._vector(depth), self._vector(depth)
        if self._chance(0.25):
            return self._bracketed(f"{left} {self._pick(SETS)}{self._matching()} {right}")
        operator = self._operator()
        if self._chance(0.3):
            group = f" group_{self._pick(('left', 'right'))}({self._pick(('', 'zone', 'code, zone'))})"
            return self._bracketed(f"{left} {operator} on({self._some_labels()}){group} {right}")
        return self._bracketed(f"{left} {operator}{self._matching()} {right}")

    def _with_number(self, depth: int) -> str:
        sides = [self._vector(depth), self._scalar(depth)]
        self._random.shuffle(sides)
        return self._bracketed(f" {self._operator()} ".join(sides))

    def _operator(self) -> str:
        if self._chance(0.6):
            return self._pick(ARITHMETIC)
        return self._pick(COMPARISONS) + self._pick(("", "", " bool"))

    def _matching(self) -> str:
        return f" {self._pick(('on', 'ignoring'))}({self._some_labels()})" if self._chance(0.6) else ""

    def _grouping(self) -> str:
        return f" {self._pick(('by', 'without'))}({self._some_labels()})" if self._chance(0.7) else ""

    def _some_labels(self) -> str:
        return ", ".join(self._random.sample(LABELS[:-1], self._random.randint(0, 3)))

    def _parameter(self, depth: int, numbers: tuple[str, ...]) -> str:
        return self._scalar(depth) if self._chance(0.2) else self._pick(numbers)

    def _bracketed(self, text: str) -> str:
        """In parentheses more often than not: what binds tighter is Prometheus' to say, too."""
        return f"({text})" if self._chance(0.7) else text

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _pick(self, choices: tuple[T, ...]) -> T:
        return self._random.choice(choices)
