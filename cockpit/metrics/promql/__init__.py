"""PromQL as Prometheus 3 has it, evaluated over all steps of a range at once."""
