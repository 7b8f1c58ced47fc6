"""The level of a text: where loggers put it, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.logs.entry import Severity
from cockpit.logs.severity import level_of, named, syslog, tens

CASES = """
Python's loggers
    INFO       2025-10-10 02:12:27,931 INFO [backend.x] started
    ERROR      2025-10-10 02:12:27,931 ERROR [backend.x] failed
    ERROR      2025-10-10 02:12:27,931 - my.module - ERROR - failed
    INFO       2025-10-10 02:12:27,931 - root - INFO - ready
    DEBUG      DEBUG:root:hello
    CRITICAL   CRITICAL:root:dead
    ERROR      2025-10-10 02:12:27.931 | ERROR    | mod:fn:12 - loguru
    INFO       2025-10-10 02:12:27.931 | INFO     | mod:fn:12 - loguru
    WARNING    /app/x.py:12: DeprecationWarning: this goes
    WARNING    app.main WARNING slow
Python's servers
    INFO       INFO:     127.0.0.1:1234 - "GET / HTTP/1.1" 200 OK
    WARNING    WARNING:  StatReload detected changes
    ERROR      ERROR:    Exception in ASGI application
    INFO       [2025-10-10 02:12:27 +0000] [1] [INFO] Starting gunicorn 21.2.0
    WARNING    [2025-10-10 02:12:27,931: WARNING/MainProcess] celery
glog, klog
    ERROR      E1010 02:12:27.931123       1 main.go:12] failed
    INFO       I1010 02:12:27.931123       1 main.go:12] ready
    WARNING    W1010 02:12:27.931123       1 main.go:12] slow
    CRITICAL   F1010 02:12:27.931123       1 main.go:12] dead
brackets
    ERROR      [ERROR] something
    ERROR      [error] something
    WARNING    (WARN) something
    ERROR      [worker-1] ERROR failed
    INFO       2025-10-10 02:12:27.931 [main] [INFO] hello
    NOTICE     2025-10-10 02:12:27 NOTICE hello
fields
    WARNING    time=2025-10-10T02:12:27Z level=warn msg="slow"
    DEBUG      ts=2025-10-10 lvl=debug msg=x
    ERROR      msg="it failed" severity="error"
    ERROR      {"level":"error","msg":"x"}
    ERROR      {"time":1,"level": 50,"msg":"x"}
syslog
    ERROR      <3>kernel: oops
    CRITICAL   <34>1 2003-10-11T22:14:15.003Z host su - - failed
    ERROR      Oct 10 02:12:27 host app[12]: ERROR x
Go
    ERROR      2025/10/10 02:12:27 ERROR msg k=v
    ERROR      panic: runtime error: index out of range
    ERROR      fatal error: all goroutines are asleep - deadlock!
Java
    INFO       2025-10-10 02:12:27.931  INFO 1 --- [           main] c.e.App : spring
    ERROR      02:12:27.931 [main] ERROR c.e.App - logback
    ERROR      02:12:27.931 [http-nio-8080-exec-1] ERROR c.e.App - logback
    ERROR      ERROR [main] (X.java:1) log4j
    ERROR      SEVERE: java.util.logging
    ERROR      Exception in thread "main" java.lang.RuntimeException
    ERROR      java.lang.IllegalStateException: x
JavaScript
    ERROR      [Nest] 123  - 10/10/2025, 2:12:27 AM   ERROR [Ctx] failed
    ERROR      error: winston
    ERROR      2025-10-10T02:12:27.931Z error: winston
    INFO       [10:12:27] info: winston
    ERROR      Uncaught TypeError: x is not a function
    ERROR      Unhandled promise rejection
    ERROR      Error: listen EADDRINUSE
    ERROR      TypeError: Cannot read properties of undefined
    WARNING    (node:1) [DEP0005] DeprecationWarning: Buffer()
    WARNING    (node:1) Warning: something
others
    ERROR      main.c:12:3: error: expected expression
    ERROR      E, [2025-10-10T02:12:27.931 #1] ERROR -- : ruby
    ERROR      [2025-10-10T02:12:27Z ERROR my_crate] rust
    ERROR      2025-10-10T02:12:27.931Z ERROR my_crate: rust
    INFO       info: Microsoft.Hosting.Lifetime[14]
    ERROR      fail: Microsoft.AspNetCore[1]
    DEBUG      dbug: Microsoft.AspNetCore[1]
    CRITICAL   crit: Microsoft.AspNetCore[1]
    INFO       [02:12:27 INF] serilog
    CRITICAL   [10-Oct-2025 02:12:27 UTC] PHP Fatal error:  Uncaught
    WARNING    PHP Warning:  undefined
    ERROR      [2025-10-10T02:12:27+00:00] app.ERROR: monolog [] []
    ERROR      02:12:27.931 [error] elixir
    ERROR      2025/10/10 02:12:27 [error] 7#7: *1 open() failed
    ERROR      [Fri Oct 10 02:12:27.931 2025] [core:error] [pid 1] apache
    WARNING    [2025-10-10 02:12:27.931][1][warning][config] envoy
    ERROR      2025-10-10 02:12:27.931 UTC [123] ERROR:  relation "x" does not exist
    CRITICAL   2025-10-10 02:12:27.931 UTC [123] FATAL:  role "x" does not exist
    INFO       2025-10-10 02:12:27.931 UTC [123] LOG:  ready to accept connections
    ERROR      2025-10-10T02:12:27.931Z 0 [ERROR] [MY-010] mysql
failures
    ERROR      Traceback (most recent call last):
    ERROR      asyncpg.exceptions.ForeignKeyViolationError: insert or update
    ERROR      Caused by: java.io.IOException: broken pipe
accents
    ERROR      ERROR échec paiement n° 12
sentences
    -          request handled user=bob
    -          an error occurred while saving
    -          The ERROR was not fatal
    -          no errors
    -          Unhandled event of kind 3
    -          errors: 0
    -          error rate is 3 %
    -          10 ERRORS
    -          0 errors, 3 warnings
    -          ERRORS found
    -          Errors happen
    -          Info desk opened
    -          information about x
    -          warning lights are on
    -          got [error] back from server
    -          user said "ERROR: no"
    -          3 critical paths
    -          fatal accident reported
    -          config loaded from /etc/x
    -          log rotated
    -          Starting with log level: debug
    -          water level=high tide
    -          {"message":"level up"}
others that are none
    -          GET /error/info HTTP/1.1
    -          127.0.0.1 - - [10/Oct/2025:02:12:27 +0000] "GET /ERROR HTTP/1.1" 200
    -          ERROR_CODE=5
    -          INFORMATIONAL_ONLY
    -          debugging session
    -          E is a letter
    -          [x] done
    -          <html>
    -          raise ValueError("error")
    -          Commande n° 12 validée
"""


def cases() -> list[tuple[str, str]]:
    """(text, level) of the table; a line that is not indented is a heading."""
    return [(line[15:], line[4:15].strip()) for line in CASES.splitlines() if line.startswith(" ")]


@pytest.mark.parametrize(("text", "level"), cases())
def test_the_level_of_a_text(text: str, level: str) -> None:
    found = level_of(text)
    assert (found.name if found is not None else "-") == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", None),
        ("2025-10-10T02:12:27.931Z\tERROR\tcaller.go:12\tzap", Severity.ERROR),
        ("  + Exception Group Traceback (most recent call last):", Severity.ERROR),
        ("x" * 200 + " ERROR far behind", None),
        ("ERROR", Severity.ERROR),
    ],
)
def test_edges_of_a_text(text: str, level: Severity | None) -> None:
    assert level_of(text) is level


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("error", Severity.ERROR),
        ("Warn", Severity.WARNING),
        ("INFO+2", Severity.INFO),
        ("DEBUG-4", Severity.DEBUG),
        (" fatal ", Severity.CRITICAL),
        ("verbose", Severity.DEBUG),
        ("LOUD", None),
        ("", None),
    ],
)
def test_levels_by_name(name: str, level: Severity | None) -> None:
    assert named(name) is level


def test_levels_by_number() -> None:
    names = [level.name for number in range(10, 70, 10) if (level := tens(number)) is not None]
    assert names == ["DEBUG", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
    assert [tens(9), tens(70), tens(-1), tens(float("nan"))] == [None] * 4
    assert [syslog(number).name for number in range(8)] == [
        *("EMERGENCY", "ALERT", "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO", "DEBUG")
    ]
    assert syslog(34) is Severity.CRITICAL


@settings(deadline=None)
@given(st.text())
def test_any_text_has_a_level_or_none(text: str) -> None:
    level = level_of(text)
    assert level is None or level > Severity.DEFAULT


@pytest.mark.parametrize("unit", ["[", "[a] ", "(", "a.b ", "1:2 ", "A, ", "- ", "Aa1.", "level=", "<1", "Jan 1 "])
def test_what_repeats_takes_no_time(unit: str) -> None:
    """The head alone is looked at, and no part of it over and over: a pattern that does would never come back."""
    assert level_of(unit * 100_000) is None
