"""What of a message is left when what differs from one time to the next is masked."""

from __future__ import annotations

import time

import pytest

from cockpit.logs.digest.masking import masked, message_of

MESSAGES = {
    "2025-10-10 02:12:27,931 ERROR [backend.api] pool is empty": "[backend.api] pool is empty",
    "2025-10-10T02:12:27.931Z error: pool is empty": "pool is empty",
    "[2025-10-10 02:12:27 +0000] [17] [ERROR] Worker timeout": "Worker timeout",
    "ERROR:    pool is empty": "pool is empty",
    "[error] pool is empty": "pool is empty",
    "\x1b[31;1mERROR\x1b[0m pool is \x1b[4mempty\x1b[0m": "pool is empty",
    "E1010 02:12:27.931201  7 pool.go:17] pool is empty": "pool is empty",
    "2025/10/10 02:12:27 pool is empty": "pool is empty",
    "Alert manager does not answer": "Alert manager does not answer",
    "Error handling is switched off": "Error handling is switched off",
    "ERROR": "ERROR",
}
MASKED = {
    "order 4711 took 1.25 s": "order <num> took <num> s",
    "took 12ms, -3 left": "took <num>ms, -<num> left",
    "user 6f9619ff-8b86-d011-b42d-00cf4fc964ff is gone": "user <uuid> is gone",
    "cannot reach 10.0.0.7:5432 (10.0.0.8)": "cannot reach <ip> (<ip>)",
    "cannot reach fe80:0:0:0:1ff:fe23:4567:890a": "cannot reach <ip>",
    "mail to a.b+c@example.org failed": "mail to <email> failed",
    "digest deadbeef01 is not deadbeef": "digest <hex> is not deadbeef",
    "pointer 0x7ffe12AB": "pointer <hex>",
    "expired at 2025-10-10T02:12:27Z": "expired at <time>",
    "expired at 02:12:27": "expired at <time>",
    "token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9abcdefghij is bad": "token <hash> is bad",
    "No module named 'backend'": "No module named 'backend'",
    "key=user:17:profile in v2 of utf8, db-12": "key=user:<num>:profile in v2 of utf8, db-<num>",
    "two  spaces\tand a tab": "two spaces and a tab",
}


@pytest.mark.parametrize("text", MESSAGES)
def test_what_stands_before_a_message_goes(text: str) -> None:
    assert message_of(text) == MESSAGES[text]


@pytest.mark.parametrize("message", MASKED)
def test_what_differs_is_masked(message: str) -> None:
    assert masked(message) == MASKED[message]
    assert masked(masked(message)) == masked(message)


@pytest.mark.parametrize("character", ["a", "1", "A1", "-", "0:", "a@", "1.", "é", " 1", "\x1b["])
def test_no_message_takes_long(character: str) -> None:
    begun = time.process_time()
    masked(message_of(character * 100_000))
    assert time.process_time() - begun < 1
