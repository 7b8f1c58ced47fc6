"""Any engine with Prometheus' HTTP API in place of our own: how it is asked, what its answers mean."""
