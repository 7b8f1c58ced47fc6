"""A terminal cockpit for release monitoring on Cloud Run."""
