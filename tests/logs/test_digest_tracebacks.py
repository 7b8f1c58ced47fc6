"""What a traceback comes to: what was raised, and where in the service's own code."""

from __future__ import annotations

import pytest

from cockpit.logs.digest.tracebacks import raised

PYTHON = """Traceback (most recent call last):
  File "/app/.venv/lib/python3.12/site-packages/starlette/routing.py", line 288, in handle
    await self.app(scope, receive, send)
  File "/app/src/acme/orders/views.py", line 41, in create_order
    order = await repo.insert(payload)
            ^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/app/src/acme/orders/repo.py", line 17, in insert
    row = await conn.fetchrow(INSERT_ORDER, *args)
  File "/usr/local/lib/python3.12/site-packages/asyncpg/connection.py", line 746, in fetchrow
    data = await self._execute(query)
asyncpg.exceptions.ForeignKeyViolationError: violates a constraint
DETAIL:  Key (client_id)=(17) is not present."""

CHAINED = """Traceback (most recent call last):
  File "/app/cache.py", line 3, in get
    return self._kept[key]
KeyError: 'a'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 9, in <module>
    run()
  File "/usr/lib/python3.12/json/decoder.py", line 338, in decode
    raise JSONDecodeError("Expecting value", s, err.value)
json.decoder.JSONDecodeError: Expecting value: line 1"""

GROUP = """  + Exception Group Traceback (most recent call last):
  |   File "/app/work.py", line 5, in run
  |     async with TaskGroup() as group:
  | ExceptionGroup: unhandled errors (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/app/work.py", line 11, in fetch
    |     raise ValueError("bad answer")
    | ValueError: bad answer
    +------------------------------------"""

SYNTAX = """Traceback (most recent call last):
  File "/app/main.py", line 1, in <module>
    import views
  File "/app/acme/views.py", line 3
    def broken(
              ^
SyntaxError: '(' was never closed"""

JAVA = """Exception in thread "main" org.springframework.beans.BeanException: no bean
\tat org.springframework.beans.Factory.make(Factory.java:12)
\tat com.acme.Application.main(Application.java:7)
Caused by: java.sql.SQLException: connection refused
\tat com.zaxxer.hikari.pool.HikariPool.get(HikariPool.java:100)
\tat com.acme.orders.Repository$Inner.insert(Repository.java:41)
\t... 12 more"""

NODE = """/app/server.js:10
    throw new TypeError("x is not a function")
    ^

TypeError: x is not a function
    at Layer.handle (/app/node_modules/express/lib/router/layer.js:95:5)
    at createOrder (/app/src/orders.js:10:11)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)"""

GO = """panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
runtime.gopanic(0x1)
\t/usr/local/go/src/runtime/panic.go:884 +0x213
main.handle(...)
\t/srv/orders/main.go:12
main.main()
\t/srv/orders/main.go:7 +0x1d"""

TEXTS = {
    PYTHON: ("asyncpg.exceptions.ForeignKeyViolationError: violates a constraint", "orders/repo.py in insert"),
    CHAINED: ("json.decoder.JSONDecodeError: Expecting value: line 1", "app/main.py"),
    GROUP: ("ValueError: bad answer", "app/work.py in fetch"),
    SYNTAX: ("SyntaxError: '(' was never closed", "acme/views.py"),
    JAVA: ("java.sql.SQLException: connection refused", "Repository.java in Repository$Inner.insert"),
    NODE: ("TypeError: x is not a function", "src/orders.js in createOrder"),
    GO: ("panic: runtime error: index out of range [3] with length 3", "orders/main.go"),
}


@pytest.mark.parametrize("text", TEXTS, ids=["python", "chained", "group", "syntax", "java", "node", "go"])
def test_a_traceback_comes_to_its_error_and_its_innermost_own_frame(text: str) -> None:
    assert raised(text) == TEXTS[text]
    assert raised(f"2025-10-10 02:12:27,931 ERROR [backend.api] request failed\n{text}") == TEXTS[text]


@pytest.mark.parametrize("text", ["", "one line", "several\nlines\n  without frames", "at the end"])
def test_other_texts_are_no_tracebacks(text: str) -> None:
    assert raised(text) is None


def test_a_traceback_without_its_end_has_its_frame() -> None:
    cut = PYTHON[: PYTHON.index('  File "/usr/local')]
    assert raised(cut) == ("", "orders/repo.py in insert")
