"""The names that frameworks give to what they measure, and what their labels say; best known first.

A name stands for every metric that ends in it, as in `shop_http_requests_total`. Not here: what counts the
scrapes alone (`promhttp_metric_handler_requests_total`), and requests to other services.
"""

from __future__ import annotations

REQUESTS = (
    "http_requests_total",
    "http_server_requests_total",
    "http_requests_received_total",  # prometheus-net
    "starlette_requests_total",
    "starlette_responses_total",
    "flask_http_request_total",
    "django_http_responses_total_by_status_total",
    "grpc_server_handled_total",
    "http_server_requests_seconds_count",  # Spring, Micrometer
    "http_server_request_duration_seconds_count",  # OpenTelemetry
    "http_request_duration_seconds_count",
)
"""Counters of requests that were answered."""

DURATIONS = (
    "http_request_duration_seconds",
    "http_server_request_duration_seconds",
    "http_server_requests_seconds",
    "http_requests_duration_seconds",
    "http_request_duration_highr_seconds",
    "http_server_duration_milliseconds",
    "starlette_request_duration_seconds",
    "starlette_requests_processing_time_seconds",
    "flask_http_request_duration_seconds",
    "django_http_requests_latency_seconds_by_view_method",
    "grpc_server_handling_seconds",
)
"""Histograms of how long they took."""

STATUS_LABELS = ("code", "status", "status_code", "http_response_status_code", "http_status_code")
"""Labels that hold an HTTP status, as 503 or 5xx."""

GRPC_LABEL = "grpc_code"
GRPC_FAULTS = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"
"""The codes that are the server's fault, as OpenTelemetry's conventions for server spans have it."""

PATH_LABELS = ("path", "handler", "route", "endpoint", "uri", "http_route", "path_template", "view")
"""Labels that say where a request went, so that our own scrapes can be left out."""

FAILURES = (
    ("_success_total", "_failure_total"),
    ("_successes_total", "_failures_total"),
    ("_succeeded_total", "_failed_total"),
)
"""Endings of two counters that only together are the total."""

SHARES = (("_requests_total", "_errors_total"), ("_requests_total", "_request_errors_total"))
"""Endings of a total and of the errors that it contains."""

HITS = (("_hits_total", "_misses_total"), ("_hit_total", "_miss_total"))

SPANS = ("_duration_seconds", "_latency_seconds", "_seconds", "_duration_milliseconds", "_milliseconds")
"""Endings of histograms of times."""

MEMORY = ("process_resident_memory_bytes", "process_working_set_bytes", "jvm_memory_used_bytes")
CPU = ("process_cpu_seconds_total",)
