"""What a log says in sum: endpoints, errors, scanners and instances, by revision."""
