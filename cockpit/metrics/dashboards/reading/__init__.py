"""Dashboard JSON to the model, one module a part of it; what is odd becomes a Problem beside what was read."""
