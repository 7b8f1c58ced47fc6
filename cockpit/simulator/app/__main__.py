"""One instance: `python -m cockpit.simulator.app --port-fd N`, started by the simulator alone.

It writes its port to the descriptor once it listens, and leaves when its standard input ends: the simulator
holds the only other end, so no instance outlives it, whatever ends it. The container's environment configures it:

    SIM_FAULT           what is wrong with it: see `faults`
    SIM_COLD_START      seconds it takes before it listens, besides its own start
    SIM_SEED            the seed of everything random
    SIM_DATABASE        the SQLite file of the timelines
    CONCEPT_RECALL_METRICS_ENABLED   "false" switches the metrics off
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from prometheus_client import REGISTRY

from cockpit.simulator import lifeline
from cockpit.simulator.app import faults, lines, storm
from cockpit.simulator.app.analysis import MemoryAnalysis
from cockpit.simulator.app.endpoints import Application
from cockpit.simulator.app.metrics import AnalysisMetrics, RecallMetrics
from cockpit.simulator.app.pace import Pace
from cockpit.simulator.app.recall import ConceptRecall
from cockpit.simulator.app.server import Server
from cockpit.simulator.app.timelines import Timelines

log = logging.getLogger("backend.main")


def main() -> None:
    """Start, serve until SIGTERM, and leave."""
    port_fd = _arguments().port_fd
    lifeline.hold()
    signal.signal(signal.SIGTERM, _terminate)
    lines.configure()
    try:
        fault = faults.parse(os.environ.get(faults.VARIABLE, ""))
    except faults.FaultError as error:
        sys.exit(f"{faults.VARIABLE}: {error}")
    _start_slowly(fault)
    server = Server(_application(fault))
    _tell_port(port_fd, server.port)
    log.info("Application startup complete")
    if fault.log_storm:
        threading.Thread(target=storm.rage, args=(fault.log_storm,), daemon=True).start()
    with contextlib.suppress(SystemExit):
        server.serve_forever()
    log.info("Application shutdown complete")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m cockpit.simulator.app")
    parser.add_argument("--port-fd", type=int, required=True, help="where the port is written")
    return parser.parse_args()


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _start_slowly(fault: faults.Faults) -> None:
    """Take the time a cold start takes, and meet what can go wrong in it."""
    log.info("Starting revision %s", os.environ.get("K_REVISION", "local"))
    if fault.crash_on_start:
        _load_backend()
    time.sleep(float(os.environ.get("SIM_COLD_START", "0")))
    for component in ("VectorService", "MemoryAnalyzer", "ConceptRecallTracker", "TimelineService"):
        log.info("%s initialised", component)
    if fault.never_listens:
        threading.Event().wait()


def _load_backend() -> None:
    """Fail as an image does whose PYTHONPATH is missing."""
    raise ModuleNotFoundError("No module named 'backend'", name="backend")


def _application(fault: faults.Faults) -> Application:
    environment = os.environ
    pace = Pace(environment.get("SIM_SEED", "0"), latency=fault.latency, errors=fault.errors)
    switched_off = environment.get("CONCEPT_RECALL_METRICS_ENABLED", "true").lower() == "false"
    return Application(
        revision=environment.get("K_REVISION", "local"),
        registry=REGISTRY,
        pace=pace,
        analysis=MemoryAnalysis(AnalysisMetrics(REGISTRY), pace),
        recall=ConceptRecall(RecallMetrics(REGISTRY), pace),
        timelines=Timelines(Path(environment.get("SIM_DATABASE", "timelines.db")), broken=fault.empty_timelines),
        metrics_enabled=not (fault.metrics_disabled or switched_off),
        healthy=not fault.unhealthy,
    )


def _tell_port(descriptor: int, port: int) -> None:
    with os.fdopen(descriptor, "w") as pipe:
        pipe.write(f"{port}\n")


if __name__ == "__main__":
    main()
