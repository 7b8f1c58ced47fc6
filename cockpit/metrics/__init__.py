"""Numbers over time: exposition, instances, store, PromQL, signals and rules. Pure: time is an argument."""
