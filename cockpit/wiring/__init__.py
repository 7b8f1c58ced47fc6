"""Settings → a running cockpit: the one place that picks the real outside or the local one."""
