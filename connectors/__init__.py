"""Marketplace connectors: the protocol, a folder a marketplace, and sandboxes to practise on."""
