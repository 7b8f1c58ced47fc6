"""Release events: found by looking at snapshots and log lines, kept in the order of time."""
