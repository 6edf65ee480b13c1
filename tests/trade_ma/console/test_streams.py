"""Server-sent events as browsers read them."""

from trade_ma.console.streams import event


def test_each_line_of_markup_is_a_line_of_data() -> None:
    assert event("progress", "<b>1</b>\n<b>2</b>") == (
        b"event: progress\ndata: <b>1</b>\ndata: <b>2</b>\n\n"
    )


def test_an_event_without_markup_is_told_all_the_same() -> None:
    # A browser drops an event that has no data line at all.
    assert event("done") == b"event: done\ndata: \n\n"
