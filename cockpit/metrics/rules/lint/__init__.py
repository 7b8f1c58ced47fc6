"""What can be told about rules before they run: by themselves, and against the series that there are."""
