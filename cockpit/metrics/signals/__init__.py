"""What a release is judged by: signals, what they read by revision, and how two revisions differ."""
