"""Prometheus' own cases, decided as there. The exceptions are where its two parsers differ: what the client
library (expfmt) refuses but a Prometheus server (textparse) reads is read, as the server's is our contract."""

from __future__ import annotations

import json

import pytest

from cockpit.metrics.exposed import ExpositionError
from cockpit.metrics.exposition.reader import Reader
from tests.cases import case_file

FILE = "exposition_text_cases.json"
GROUPS = {
    "expfmt good (testTextParse)": 18,
    "expfmt errors (testTextParseError)": 48,
    "textparse errors (TestPromParseErrors)": 18,
    "textparse NUL (TestPromNullByteHandling)": 9,
    "textparse bare identifier": 0,
}
READ_BY_A_SERVER = {
    0: "a last line without its break: textparse adds one",
    1: "an unknown escape: textparse keeps the backslash",
    2: "a bare line break inside of a value: textparse takes it as part of the value",
    7: "a quantile that is no number: textparse leaves it as it is",
    12: "a second HELP: textparse takes the later",
    13: "a second TYPE: textparse takes the later",
    14: "a TYPE behind its samples: textparse takes it",
    19: "a bucket's bound that is no number: textparse leaves it as it is",
    32: "a hexadecimal bucket's bound: textparse leaves label values alone",
    33: "a hexadecimal quantile: textparse leaves label values alone",
    36: "an unknown escape in a name: textparse keeps the backslash",
    38: "an unknown escape in a name: textparse keeps the backslash",
    40: "a bare line break inside of a label's name: textparse takes it as part of the name",
    43: "a negative count: textparse does not know what a value means",
    44: "a negative bucket: textparse does not know what a value means",
    45: "a negative count: textparse does not know what a value means",
    46: "a negative bucket: textparse does not know what a value means",
}


@pytest.mark.parametrize(("group", "size"), GROUPS.items())
def test_cases(group: str, size: int) -> None:
    cases = json.loads(case_file(FILE).read_text(encoding="utf-8"))
    assert sorted(cases) == sorted(GROUPS)
    assert len(cases[group]) == size
    excepted = READ_BY_A_SERVER if "testTextParseError" in group else {}
    for at, (body, good, why) in enumerate(cases[group]):
        expected = good or at in excepted
        assert _is_read(body.encode("latin-1")) == expected, f"{group} {at}: {body!r} {why}"
        assert not (good and at in excepted), f"{at} needs no exception any more"


def _is_read(body: bytes) -> bool:
    try:
        Reader().read(body, "text/plain; version=0.0.4")
    except ExpositionError:
        return False
    return True
