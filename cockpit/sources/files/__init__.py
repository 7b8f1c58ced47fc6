"""Logs in files and on standard input: recognised, cut into entries, read by processes of their own."""
