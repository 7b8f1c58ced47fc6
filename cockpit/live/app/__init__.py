"""What the application tells of itself: its health at every URL, and the timelines it keeps."""
