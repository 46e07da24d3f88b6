"""One reader per format: bytes in, a Reading out."""


class UnreadableDocument(Exception):
    """The bytes cannot be read. The message says why and what to do, in Chinese and
    English with ` / ` between them; it becomes the document's status_reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
