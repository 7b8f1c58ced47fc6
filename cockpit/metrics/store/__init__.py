"""Where samples are kept: rows by scrape track, bounded in time and memory. `Store` is the way in."""

from cockpit.metrics.store.store import Store, Usage
from cockpit.metrics.store.track import Track

__all__ = ["Store", "Track", "Usage"]
