"""The sources cost the first paint nothing: importing them loads no Google client, no gRPC and no HTTP."""

from __future__ import annotations

import pkgutil
import subprocess
import sys

import cockpit.sources

HEAVY = ("google", "grpc", "httpx", "requests")
MODULES = sorted(f"cockpit.sources.{module.name}" for module in pkgutil.iter_modules(cockpit.sources.__path__))
SCRIPT = f"""
import importlib, sys
for module in {MODULES}:
    importlib.import_module(module)
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & set({HEAVY})))
"""


def test_importing_every_source_loads_nothing_heavy() -> None:
    assert "cockpit.sources.cloudrun" in MODULES
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
    assert ran.stderr == ""


def test_a_connection_is_made_without_a_loop_and_without_the_clients() -> None:
    script = """
import sys
from cockpit.sources.cloudrun import CloudRun
from cockpit.sources.connection import Connection
from cockpit.sources.target import Target
CloudRun(Connection(Target("emergence-469005", "europe-west1")))
print("grpc" in sys.modules, "google" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "False"]
