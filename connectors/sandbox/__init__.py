"""Marketplaces that run on this machine, over real HTTP: to practise, to demonstrate, to test."""
