"""Machine translation engines behind one protocol; none is needed."""
