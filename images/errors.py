"""What is wrong with a photo, in a word for programs and a sentence for people."""


class BadPhoto(Exception):
    """A photo that cannot be used as it is.

    `code` is stable: not_a_photo, truncated, too_small, too_many_pixels, too_large, not_fetched.
    `numbers` are those that the sentence names (pixels, bytes), for telling it in other words.
    """

    def __init__(self, code: str, message: str, **numbers: int) -> None:
        super().__init__(message)
        self.code = code
        self.numbers = numbers
