"""Every figure the project promises, measured: `make bench`."""
