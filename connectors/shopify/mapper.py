"""Draft to Shopify input, Shopify answer to our values: pure."""
