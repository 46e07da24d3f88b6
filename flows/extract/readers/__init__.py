"""One reader per format: bytes in, a Reading out."""


class UnreadableDocument(Exception):
    """The bytes cannot be read. The message says in Chinese and English why, and what to
    do; it becomes the document's status_reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
