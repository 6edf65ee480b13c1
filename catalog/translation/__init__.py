"""Text in each market's language: composed from the vocabulary, or translated and checked."""
