"""Cloud Logging of the simulated project: a bounded store, its query language, gRPC handlers and REST routes.

`write` on the store is what emits; `handlers` and `routes` are what stock clients reach.
"""

from cockpit.simulator.logs.rest import routes
from cockpit.simulator.logs.rpc import handlers
from cockpit.simulator.logs.settings import Limits, LogSettings, Quirks
from cockpit.simulator.logs.store import LogStore

__all__ = ["Limits", "LogSettings", "LogStore", "Quirks", "handlers", "routes"]
