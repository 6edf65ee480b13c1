"""Etsy's Open API v3 on this machine: one shop, over real HTTP, for practice and for tests."""
