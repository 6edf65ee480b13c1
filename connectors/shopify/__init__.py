"""Shopify, by ShopifyAPI on Admin GraphQL 2026-10.

Credentials: `shop` (its myshopify.com name), and `client_id` with `client_secret` of a custom app,
exchanged at POST {base}/admin/oauth/access_token (grant_type=client_credentials) for a token of
24 hours; or the `access_token` of an older custom app, which never expires. `client_secret` also
signs webhooks.

Settings: `base_url` (another server than https://{shop}), `location` and `publication` (ids; found
where there is one obvious choice), `price_list` (id: this channel's prices are fixed prices of that
list, in its currency).
"""
