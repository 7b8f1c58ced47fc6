"""Grafana dashboards: read from their JSON, asked in PromQL, and made into what a screen draws. All of it pure."""
