"""Tables with merged cells, made up, for the readers of formats that have them."""

from __future__ import annotations

from hypothesis import strategies as st

from flows.extract.model import Grid

# (row, column) → (row span, column span, text) of each cell; together they cover the table
Places = dict[tuple[int, int], tuple[int, int, str]]


@st.composite
def tilings(draw: st.DrawFn) -> Places:
    """A table of two to five rows and columns, some of its cells merged. In each row a cell
    begins that no other row shares, so that no row vanishes."""
    rows, columns = draw(st.integers(2, 5)), draw(st.integers(2, 5))
    free = {(r, c) for r in range(rows) for c in range(columns)}
    places: Places = {}
    for r in range(rows):
        for c in range(columns):
            if (r, c) not in free:
                continue
            height = draw(st.integers(1, rows - r)) if c < columns - 1 else 1
            width = draw(st.integers(1, max(columns - 1 - c, 1)))
            area = {(r + i, c + j) for i in range(height) for j in range(width)}
            if not area <= free:
                height = width = 1
                area = {(r, c)}
            free -= area
            places[r, c] = (height, width, f"格{r}行{c}列")
    return places


def places_of(grid: Grid) -> Places:
    """The cells of a grid in the same form."""
    return {(c.row, c.column): (c.row_span, c.column_span, c.text) for c in grid.cells}
