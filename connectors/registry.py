"""The marketplaces that this installation knows, ours and other people's, by entry point."""

from importlib.metadata import entry_points

from connectors.protocol import Marketplace

GROUP = "trade_ma.connectors"


def codes() -> list[str]:
    """The codes of every registered marketplace: the names of the entry points."""
    return sorted(entry_points(group=GROUP).names)


def marketplace(code: str) -> Marketplace:
    """The marketplace of that code. Others are not loaded, so a broken one harms only itself.

    Raises:
        LookupError: none is registered under it; the message names those that are.
    """
    points = entry_points(group=GROUP)
    if code not in points.names:
        raise LookupError(f"no marketplace {code!r}; installed: {', '.join(codes())}")
    found: Marketplace = points[code].load()
    return found
