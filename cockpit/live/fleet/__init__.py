"""Every service of the configured projects and regions: read, counted, and a session on any of them."""

from cockpit.live.fleet.fleet import LiveFleet

__all__ = ["LiveFleet"]
