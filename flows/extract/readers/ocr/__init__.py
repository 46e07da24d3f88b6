"""Reads pictures of pages. An optional extra: `make ocr` installs what it needs.

Only the modules of this package import the extra, and they are imported only where it is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec

from flows.extract.model import Reading


@cache
def available() -> bool:
    """Whether the extra is installed."""
    return all(find_spec(name) is not None for name in ("cv2", "numpy", "onnxruntime", "rapidocr"))


def read(data: bytes, on_page: Callable[[int, int], None] | None = None) -> Reading:
    """The reading of a file that is itself a picture: PNG, JPEG, or TIFF of one or more pages.

    Raises UnreadableDocument where it is damaged or too large, ModuleNotFoundError where the extra is
    not installed.
    """
    from flows.extract.readers.ocr.files import read as read_file

    return read_file(data, on_page)
