"""Shopify, by ShopifyAPI on Admin GraphQL 2026-10."""
