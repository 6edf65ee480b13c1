"""The use cases: drafts, plan, push, orders; where catalog, images and connectors meet."""
