"""HTTP as the cockpit speaks it: every answer bounded in time and size, every failure a SourceError.

httpx costs 0.1 s to import: only `opening` and `loopback` do so at the top, and they are loaded in a thread.
"""
