"""A text in sentences: local models translate one at a time, and lose the end of longer texts."""

import re

# A line's end; or a sentence's, if the next begins with a capital or in a script without them.
# "env. 3 kg" stays whole.
_END = re.compile(r"""(\s*\n\s*|(?<=[.!?؟…])\s+(?=["'«“(¿¡]*[^\W\d_a-zß-öø-ÿ]))""")


def sentences(text: str) -> list[str]:
    """The sentences of `text` and what stands between them, in turn; joined they are `text`."""
    return _END.split(text)
