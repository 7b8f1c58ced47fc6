"""The language logs are filtered in: words, fields and regular expressions."""
