"""Values as Grafana writes them, by the ids of its units."""
