"""The log of the watched service, or of a file: kept going, bounded, and ready to be read."""
