"""The log storm: far more lines than anybody reads."""

from __future__ import annotations

import sys
import time

INTERVAL = 0.05


def rage(rate: float) -> None:
    """Write `rate` lines a second for ever: nine of ten to stderr as text, the tenth to stdout as JSON."""
    written, started = 0, time.monotonic()
    while True:
        due = int((time.monotonic() - started) * rate)
        written = max(written, due - int(rate))  # a reader that stalled is owed one second at most
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        text, structured = [], []
        for number in range(written, due):
            if number % 10:
                level = "WARNING" if number % 50 == 1 else "INFO"
                text.append(f"{stamp},{number % 1000:03d} {level} [backend.storm] line {number} of the storm\n")
            else:
                structured.append(f'{{"severity":"NOTICE","message":"line {number} of the storm"}}\n')
        sys.stderr.write("".join(text))
        sys.stdout.write("".join(structured))
        sys.stdout.flush()
        written = due
        time.sleep(INTERVAL)
