"""Panels of a dashboard as lines: one module a kind. Nothing here knows a widget."""
