"""What an answer to a health check says about the health, and what it says that there is none."""

from __future__ import annotations

import pytest

from cockpit.live.app.judging import Expected, of_answer, of_error
from cockpit.live.app.picture import Health
from cockpit.sources.app import Answer
from cockpit.sources.errors import (
    DeniedError,
    InvalidError,
    RedirectedError,
    SourceError,
    TooLargeError,
    TooSlowError,
    UnauthenticatedError,
    UnreachableError,
)

OK, DEGRADED, FAILING, UNKNOWN = Health.OK, Health.DEGRADED, Health.FAILING, Health.UNKNOWN
GOOD = b'{"status":"ok","parts":{"db":{"up":true,"lag":1}}}'
STATUS = Expected(field="status", equals="ok")

ANSWERS = [
    (Expected(), 200, b"", OK, ""),
    (Expected(), 204, b"", OK, ""),
    (Expected(204, 204), 200, b"", FAILING, "it answers 200, not 204"),
    (Expected(), 503, b"", FAILING, "it answers 503, not 200–299"),
    (Expected(500, 599), 503, b"", OK, ""),
    (Expected(), 401, b"", UNKNOWN, "it answers 401: nobody may look"),
    (Expected(), 403, b"", UNKNOWN, "it answers 403: nobody may look"),
    (Expected(401, 401), 401, b"", OK, ""),
    (Expected(), 404, b"", FAILING, "it answers 404"),
    (STATUS, 200, GOOD, OK, ""),
    (STATUS, 200, b'{"status":"starting"}', DEGRADED, 'status is "starting", not "ok"'),
    (STATUS, 200, b'{"status":"\\u001b[2J"}', DEGRADED, "status is"),
    (STATUS, 200, b"{}", DEGRADED, "no field status"),
    (STATUS, 200, b"[]", DEGRADED, "no field status"),
    (STATUS, 200, b"<html>", DEGRADED, "the answer is not JSON"),
    (STATUS, 200, b"[" * 100_000, DEGRADED, "the answer is not JSON"),
    (STATUS, 500, GOOD, FAILING, "it answers 500"),
    (Expected(field="parts.db.up", equals=True), 200, GOOD, OK, ""),
    (Expected(field="parts.db.lag", equals=True), 200, GOOD, DEGRADED, "parts.db.lag is 1, not true"),
    (Expected(field="parts.db.up", equals=1), 200, GOOD, DEGRADED, "parts.db.up is true, not 1"),
    (Expected(field="parts.queue", equals=None), 200, GOOD, DEGRADED, "no field parts.queue"),
    (Expected(text='"up":true'), 200, GOOD, OK, ""),
    (Expected(text="alive"), 200, GOOD, DEGRADED, "the answer lacks “alive”"),
    (Expected(regex=r'"lag":\d+'), 200, GOOD, OK, ""),
    (Expected(regex=r"^v\d"), 200, GOOD, DEGRADED, "nothing in the answer matches"),
]


@pytest.mark.parametrize(("expected", "status", "body", "health", "why"), ANSWERS)
def test_an_answer_is_judged(expected: Expected, status: int, body: bytes, health: Health, why: str) -> None:
    verdict = of_answer(Answer(status, body, 0.01), expected, 2.0, there=True, again=True)
    assert verdict.health is health
    assert why in verdict.why
    assert bool(verdict.why) is (health is not OK)
    assert verdict.why.isprintable()


def test_a_slow_answer_is_degraded_and_a_wrong_one_says_what_is_wrong_first() -> None:
    slow = of_answer(Answer(200, GOOD, 3.1), STATUS, 2.0, there=True, again=True)
    assert (slow.health, slow.why) == (DEGRADED, "slow: 3.1 s, more than 2.0 s")
    assert "status is" in of_answer(Answer(200, b'{"status":"no"}', 3.1), STATUS, 2.0, there=True, again=True).why


def test_nothing_at_a_path_that_nobody_named_is_no_failure() -> None:
    verdict = of_answer(Answer(404, b"", 0.01), STATUS, 2.0, there=False, again=True)
    assert verdict.health is UNKNOWN
    assert "[[app.health.checks]]" in verdict.mend


@pytest.mark.parametrize(
    ("error", "health"),
    [
        (UnreachableError("no answer", "mend"), FAILING),
        (TooSlowError("no answer within 5 s", "mend"), FAILING),
        (TooLargeError("more than 256 KiB", "mend"), FAILING),
        (UnauthenticatedError("not asked: needs roles/run.invoker", "mend"), UNKNOWN),
        (RedirectedError("redirected to accounts.google.com", "mend"), UNKNOWN),
        (InvalidError("plain http", "mend"), UNKNOWN),
        (DeniedError("denied", "mend"), FAILING),
    ],
)
def test_no_answer_is_a_failure_unless_it_is_about_who_asks(error: SourceError, health: Health) -> None:
    assert of_error(error, again=True) == (health, str(error), "mend")


def test_one_answer_that_is_late_may_have_had_an_instance_to_start() -> None:
    late = TooSlowError("no answer within 5 s")
    assert of_error(late, again=False).health is DEGRADED
    assert of_error(late, again=True).health is FAILING
    slow = Answer(200, GOOD, 3.1)
    assert of_answer(slow, STATUS, 2.0, there=True, again=False) == (OK, "", "")
    assert of_answer(slow, STATUS, 2.0, there=True, again=True).health is DEGRADED
