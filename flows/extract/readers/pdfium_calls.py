"""The calls into PDFium that are made for every character and every drawn path of a page.

pypdfium2 declares each call with the exact C types of its arguments, and checking and wrapping them
costs more than the calls themselves. Here the same functions are declared with an address as their first
argument and whatever follows, which makes them about twice as fast. Objects of PDFium are given as
addresses (`address_of`), and results come back in the caller's `Results`.
"""

from __future__ import annotations

import ctypes
from collections import deque
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

import pypdfium2.raw as raw

_ADDRESS, _INT = ctypes.c_void_p, ctypes.c_int


def _declared(function: Any, result: Any, *further: Any) -> Callable[..., int]:
    # what follows the declared arguments is passed as it is: Python's integers as C's int, places as pointers
    declare = ctypes.PYFUNCTYPE(result, _ADDRESS, *further)
    return declare(ctypes.cast(function, ctypes.c_void_p).value)


class Results:
    """Room for the numbers of one C type that a call hands back.

    `places` are to be given to the call, `values()` are the numbers that it left there.
    """

    def __init__(self, c_type: Any, count: int) -> None:
        self._room = (c_type * count)()
        self.places = tuple(ctypes.byref(self._room, n * ctypes.sizeof(c_type)) for n in range(count))
        self.values: Callable[[], list[Any]] = memoryview(self._room).cast("B").cast(c_type._type_).tolist


class Columns:
    """Room for what calls hand back that ask the same of many things: `count` numbers of each of up to
    `length` things. A number has a column, a thing a place in it."""

    def __init__(self, c_type: Any, count: int, length: int) -> None:
        rooms = [(c_type * length)() for _ in range(count)]
        self._places = [
            [ctypes.byref(room, n * ctypes.sizeof(c_type)) for n in range(length)] for room in rooms
        ]
        self._values = [memoryview(room).cast("B").cast(c_type._type_).tolist for room in rooms]

    def ask(self, call: Callable[..., int], owner: int, indices: Sequence[int], columns: slice) -> None:
        """Makes call(owner, index, places…) for each of the indices, its numbers into `columns`."""
        deque(map(call, repeat(owner), indices, *self._places[columns]), maxlen=0)

    def column(self, number: int) -> list[Any]:
        """The numbers of one column; behind those last asked for stand older ones."""
        return self._values[number]()


def address_of(pointer: Any) -> int:
    """The address that a pointer object of pypdfium2 holds."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


# characters of a text page: (text page, index, addresses of the results…)
unicode_of = _declared(raw.FPDFText_GetUnicode, ctypes.c_uint)
char_box = _declared(raw.FPDFText_GetCharBox, _INT)
char_origin = _declared(raw.FPDFText_GetCharOrigin, _INT)
char_angle = _declared(raw.FPDFText_GetCharAngle, ctypes.c_float)

# what a page draws: (page or form, index) and (object, addresses of the results…)
object_of_page = _declared(raw.FPDFPage_GetObject, _ADDRESS)
object_of_form = _declared(raw.FPDFFormObj_GetObject, _ADDRESS, ctypes.c_ulong)
kind_of = _declared(raw.FPDFPageObj_GetType, _INT)
matrix_of = _declared(raw.FPDFPageObj_GetMatrix, _INT)
bounds_of = _declared(raw.FPDFPageObj_GetBounds, _INT)
draw_mode = _declared(raw.FPDFPath_GetDrawMode, _INT)
fill_colour = _declared(raw.FPDFPageObj_GetFillColor, _INT)
stroke_colour = _declared(raw.FPDFPageObj_GetStrokeColor, _INT)

# segments of a path: (path, index) and (segment, addresses of the results…)
count_of_segments = _declared(raw.FPDFPath_CountSegments, _INT)
segment_of = _declared(raw.FPDFPath_GetPathSegment, _ADDRESS)
point_of = _declared(raw.FPDFPathSegment_GetPoint, _INT)
segment_kind = _declared(raw.FPDFPathSegment_GetType, _INT)
is_closed = _declared(raw.FPDFPathSegment_GetClose, _INT)
