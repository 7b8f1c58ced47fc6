"""The common part of Go's templates, as annotations and labels of alert rules use them.

Words: pkg.go.dev/text/template; functions: prometheus.io/docs/prometheus/latest/configuration/template_reference.
"""
