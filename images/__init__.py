"""Photos: what a rule asks, how a photo is rendered to it, and where bytes are kept."""
