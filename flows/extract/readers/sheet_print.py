"""How a sheet is printed, apart from the values that it holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.extract.readers.inserted import Picture

Place = tuple[int, int]  # row and column, from 0


@dataclass
class SheetPrint:
    """What the values of a sheet do not tell.

    `height` and `width` reach from A1 to the last cell that holds something; `formats` has the number
    formats other than General; `errors` has what stands in the place of a value (#REF!). `declared` is
    the number of places that an XLS says it has. `pictures` stand with their upper left corner in a row,
    counted from 0.
    """

    height: int = 0
    width: int = 0
    formats: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    declared: int = 0
    pictures: list[tuple[int, Picture]] = field(default_factory=list)

    @property
    def places(self) -> int:
        """Rows times columns, from A1 on."""
        return self.height * self.width

    def add(self, place: Place, code: str = "", error: str = "") -> None:
        """Notes a cell that holds something: its number format and its error, where it has them."""
        self.height, self.width = max(self.height, place[0] + 1), max(self.width, place[1] + 1)
        if error:
            self.errors[place] = error
        elif code not in ("", "General"):
            self.formats[place] = code
