"""What is wrong with a photo, in a word for programs and a sentence for people."""


class BadPhoto(Exception):
    """A photo that cannot be used as it is.

    `code` is stable: not_a_photo, truncated, too_small, too_many_pixels, too_large.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
