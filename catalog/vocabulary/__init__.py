"""The words of Moroccan craft in six languages, each term under a code that never changes."""
