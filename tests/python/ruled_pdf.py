"""Draws small PDFs with ruled tables, as the different writers of such documents do."""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
FONT, SIZE = "STSong-Light", 9
ROW = 24.0
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

Cell = str | tuple[str, int, int] | None  # text; text with row span and column span; under a span


class RuledPdf:
    """A PDF under construction; positions are points from the top left of the page."""

    def __init__(self, turn: int = 0, page_rotation: int | None = None) -> None:
        """An upright A4 page, or with `turn` 90 or 270 a sheet that is read on its side. The file
        says so in `page_rotation` (as `turn` unless given)."""
        self._buffer = io.BytesIO()
        self._canvas = Canvas(self._buffer, pagesize=(WIDTH, HEIGHT), pageCompression=0)
        self._turn = turn
        self._page_rotation = turn if page_rotation is None else page_rotation
        self._height = WIDTH if turn in (90, 270) else HEIGHT
        self._begin()

    def _begin(self) -> None:
        self._canvas.setPageRotation(self._page_rotation)
        if self._page_rotation in (90, 270):  # reportlab swaps the sides of a rotated page
            self._canvas.setPageSize((HEIGHT, WIDTH))
        if self._turn == 90:
            self._canvas.translate(WIDTH, 0)
            self._canvas.rotate(90)
        elif self._turn == 270:
            self._canvas.translate(0, HEIGHT)
            self._canvas.rotate(-90)
        self._canvas.setFont(FONT, SIZE)

    def page(self) -> None:
        self._canvas.showPage()
        self._begin()

    def text(self, x: float, y: float, text: str) -> None:
        """Text with its baseline `y` points below the top."""
        self._canvas.drawString(x, self._height - y, text)

    def line(self, x0: float, y0: float, x1: float, y1: float, style: str = "stroke") -> None:
        """A rule: one `stroke`, a thin filled `bar`, a `white` stroke, or a row of `dabs`."""
        canvas, h = self._canvas, self._height
        if style == "bar":
            canvas.rect(x0 - 0.25, h - y1 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)
        elif style == "dabs":
            length = max(x1 - x0, y1 - y0)
            steps = max(1, round(length / 1.5))
            dx, dy = (x1 - x0) / steps, (y1 - y0) / steps
            for i in range(steps):
                x, y = x0 + i * dx, y0 + i * dy
                canvas.line(x, h - y, x + dx * 0.6, h - y - dy * 0.6)
        else:
            if style == "white":
                canvas.setStrokeColorRGB(1, 1, 1)
            canvas.line(x0, h - y0, x1, h - y1)
            canvas.setStrokeColorRGB(0, 0, 0)

    def table(
        self,
        rows: Sequence[Sequence[Cell]],
        widths: Sequence[float],
        x: float = 50,
        y: float = 120,
        style: str = "stroke",
        drop: float = 0,
    ) -> None:
        """A table with its upper left corner at x, y: each cell draws its own four sides. Numbers
        stand `drop` points lower than labels."""
        xs = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if cell is None:
                    continue
                text, row_span, column_span = (cell, 1, 1) if isinstance(cell, str) else cell
                x0, x1 = xs[c], xs[c + column_span]
                y0, y1 = y + r * ROW, y + (r + row_span) * ROW
                for side in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                    self.line(*side, style)
                lines = text.split("\n")
                for i, line in enumerate(lines):
                    base = (y0 + y1) / 2 + 3 + (i - (len(lines) - 1) / 2) * 10
                    self.text(x0 + 3, base + (drop if line[:1].isdigit() else 0), line)

    def bytes(self) -> bytes:
        self._canvas.save()
        return self._buffer.getvalue()
