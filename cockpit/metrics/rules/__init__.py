"""Prometheus rule files: read as they are, linted, and evaluated."""
