"""The content security policy of the console's pages."""

# Nothing that is not a file of ours runs, and no page of ours stands in another's frame.
# Source: W3C Content Security Policy Level 3.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The other headers are the same for all that is served: see trade_ma.api.safeguards.
HEADERS = {"Content-Security-Policy": POLICY}
