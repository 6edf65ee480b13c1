"""The canonical catalog: makers, products, variants, photos, the stock ledger, and the import."""
