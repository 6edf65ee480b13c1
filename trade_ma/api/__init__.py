"""The admin API: what a console or a program may see and do, over HTTP under /api/v1."""

from trade_ma.api.application import api

__all__ = ["api"]
