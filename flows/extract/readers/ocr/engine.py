"""Recognises the characters of pictures of text lines, with how sure it is.

The model is PP-OCRv6 small, which lies inside the rapidocr package with its list of characters. It
is run with onnxruntime directly: rapidocr's own front keeps only the best character of each place,
and proofreading needs the second best too.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import onnxruntime

from flows.extract.readers.ocr.decode import Alphabet

T = TypeVar("T")

_MODEL = "PP-OCRv6_rec_small.onnx"
_HEIGHT = 48  # pixels that the model wants
_NARROWEST = 48  # pixels; narrower lines are padded
_WIDEST = 2400
_BATCH = 2400  # pixels of width that go through the model together: 300 outputs of 18,710 numbers


class Recogniser:
    """The model, loaded once a process (0.3 s) and run on one thread."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False  # the arena would keep the memory of the widest line for good
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(_model_path()), options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name
        listed = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.alphabet = Alphabet(listed)

    def recognise(
        self, crops: Sequence[np.ndarray], decode: Callable[[int, np.ndarray], T]
    ) -> list[T]:
        """`decode(number of the crop, probabilities by step and character)` of each crop, in the
        order given. A crop is a picture of one text line: grey, uint8, dark on light.

        Lines of like width go through the model together. The probabilities of all lines of a page
        would be half a gigabyte, so they are handed on at once and not kept.
        """
        widths = [_width(crop) for crop in crops]
        order = sorted(range(len(crops)), key=lambda n: (widths[n], n))
        found: dict[int, T] = {}
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and (end + 1 - start) * widths[order[end]] <= _BATCH:
                end += 1
            batch = order[start:end]
            scores = self._scores([crops[n] for n in batch], widths[batch[-1]])
            for n, of_line in zip(batch, scores, strict=True):
                found[n] = decode(n, of_line)
            start = end
        return [found[n] for n in range(len(crops))]

    def _scores(self, crops: Sequence[np.ndarray], width: int) -> np.ndarray:
        """Probabilities by line, step from left to right, and character."""
        lines = np.zeros((len(crops), 1, _HEIGHT, width), np.float32)
        for line, crop in zip(lines, crops, strict=True):
            own = min(_natural_width(crop), width)
            resized = cv2.resize(crop, (own, _HEIGHT), interpolation=cv2.INTER_LINEAR)
            line[0, :, :own] = resized.astype(np.float32) / 127.5 - 1
        return self._session.run(None, {self._input: np.repeat(lines, 3, axis=1)})[0]


def _natural_width(crop: np.ndarray) -> int:
    height, width = crop.shape
    return max(1, -(-width * _HEIGHT // height))


def _width(crop: np.ndarray) -> int:
    return max(_NARROWEST, min(_WIDEST, _natural_width(crop)))


def _model_path() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr")
    return Path(spec.origin).parent / "models" / _MODEL


@cache
def _recogniser_of(process: int) -> Recogniser:
    return Recogniser()


def recogniser() -> Recogniser:
    """The process's own recogniser; a session does not survive a fork."""
    return _recogniser_of(os.getpid())
