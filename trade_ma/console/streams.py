"""Server-sent events, for what a page shows while it happens."""


def event(name: str, markup: str = "") -> bytes:
    """One event that puts `markup` where the page listens for `name`.

    Source: WHATWG HTML, 9.2.6 (a line of data for each line, an empty line at the end).
    """
    lines = [f"event: {name}", *(f"data: {line}" for line in markup.splitlines() or [""])]
    return ("\n".join(lines) + "\n\n").encode()
