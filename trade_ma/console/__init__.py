"""The web console: pages in French, Arabic and English, drawn on the server."""
