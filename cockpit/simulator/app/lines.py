"""How the application logs: text with the level inside on stderr, and some JSON lines on stdout."""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
from typing import Any

_stdout = threading.Lock()


def configure() -> None:
    """Send every logger to stderr, in the format `2025-10-10 02:12:27,931 INFO [backend.x] …`."""
    formatter = logging.Formatter("%(asctime)s %(levelname)s [%(name)s] %(message)s")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def emit(severity: str, message: str, trace: str = "", **fields: Any) -> None:
    """Write one structured line to stdout. `trace` is the resource name of a trace, or empty."""
    line: dict[str, Any] = {"severity": severity, "message": message, **fields}
    if trace:
        line["logging.googleapis.com/trace"] = trace
    text = json.dumps(line) + "\n"
    with _stdout:
        sys.stdout.write(text)
        sys.stdout.flush()
