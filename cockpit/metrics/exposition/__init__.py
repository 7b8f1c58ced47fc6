"""Reading what an endpoint exposes: Prometheus text and OpenMetrics, decided as Prometheus' own parsers decide."""
