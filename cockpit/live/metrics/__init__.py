"""Live metrics: URLs scraped, samples kept, signals read and rules watched, as one picture in the snapshot."""
