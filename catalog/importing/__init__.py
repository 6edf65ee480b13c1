"""A cooperative's file becomes catalog rows: read, understood, reported, applied."""
