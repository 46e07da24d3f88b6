"""Plants one error in what a document prints, and says what it was.

An error is planted in the book, before it is rendered: it is in the document whatever its format. Every
error is beyond rounding: a figure that is changed differs by one whole unit of its table or more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from tests.corpus.book import Book
from tests.corpus.forms import Printed, Row, Sheet

Place = tuple[str, str, str]  # table_code, line_item, measure
_TABLES = tuple(f"gk0{n}" for n in range(1, 10))
_LEVELS = {3: "class", 5: "section", 7: "item"}
_MONEY = re.compile(r"(?P<value>\d+\.\d\d)万元")
_NOTE = "说明：本部门当年没有这类收入和支出，本表无数据。"


@dataclass(frozen=True)
class Planted:
    """One error. `places` are the cells that it stands in, `expected` what each of them would print;
    `text` is the line or paragraph that holds an error in words, as it is printed, and `hint` what a
    finding about it should name. `table_code` is the table that an error of a whole table is in."""

    kind: str
    printed: str
    expected: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    text: str = ""
    table_code: str = ""


Result = tuple[Book, Planted] | None


def plant(kind: str, book: Book, random: Random, taken: frozenset[str] = frozenset()) -> Result:
    """The book with an error of a class, and the error; None where the book has no place for it.

    `taken` are the tables (gk03) and the paragraphs that hold an error already; they are left as they are.
    """
    name, _, rest = kind.partition(": ")
    if name in _IN_CELLS:
        code, _, level = rest.partition(" ")
        sheets = [s for s in book.sheets if s.table_code == code and _figures(s)]
        if len(sheets) != 1 or code in taken:
            return None
        return _IN_CELLS[name](kind, book, random, sheets[0], level)
    if name == "table":
        return _OF_TABLES[rest](kind, book, random, taken)
    return _in_words(kind, rest, book, random, taken)


def kinds() -> list[str]:
    """All classes of errors, in the order in which they are reported."""
    levels = {
        "gk01": ("total", "class", "row"),
        "gk02": ("total", "class", "section", "item"),
        "gk03": ("total", "class", "section", "item"),
        "gk04": ("total", "class", "row"),
        "gk05": ("total", "class", "section", "item"),
        "gk06": ("total", "class", "section"),
        "gk07": ("total", "class", "section", "item"),
        "gk08": ("total", "class", "section", "item"),
        "gk09": ("total", "row"),
    }
    digits = [f"digit: {code} {level}" for code, some in levels.items() for level in some]
    swaps = [f"swapped: {code}" for code in ("gk02", "gk03", "gk04", "gk05", "gk07", "gk09")]
    blanks = [f"blank: {code}" for code in _TABLES]
    return [*digits, *swaps, *blanks, *[f"table: {k}" for k in _OF_TABLES], *[f"words: {k}" for k in _WORDS]]


def level_of(line_item: str, measure: str) -> str:
    """What kind of row a figure stands in: total, class, section, item or row."""
    if line_item == "three_public":
        return "total" if measure.endswith(".total") else "row"
    last = line_item.rsplit(".", 1)[-1]
    if last.isdigit():
        return _LEVELS.get(len(last), "row")
    return "total" if last.endswith("total") or last == "total_current" else "row"


# -- in cells ---------------------------------------------------------------------------------------------


def _figures(sheet: Sheet) -> list[tuple[int, int, Printed]]:
    """The printed figures of a table other than zero: row, column, cell."""
    return [
        (r, c, cell)
        for r, row in enumerate(sheet.body)
        for c, cell in enumerate(row)
        if cell and cell.figure and number(cell.text)
    ]


def number(text: str) -> Decimal:
    """What a figure's text says."""
    return Decimal(text.replace(",", ""))


def _digit(kind: str, book: Book, random: Random, sheet: Sheet, level: str) -> Result:
    """A digit left of the point changed."""
    cells = [x for x in _figures(sheet) if level_of(*x[2].figure) == level and abs(number(x[2].text)) >= 1]
    if not cells:
        return None
    r, c, cell = random.choice(cells)
    wrong = changed_digit(cell.text, random)
    places = ((sheet.table_code, *cell.figure),)
    made = _with_cells(sheet, {(r, c): replace(cell, text=wrong)})
    return _with_sheet(book, sheet, made), Planted(kind, wrong, (cell.text,), places)


def changed_digit(text: str, random: Random) -> str:
    """A figure with one of its digits left of the point changed; the first does not become zero."""
    whole = text.partition(".")[0]
    places = [i for i, character in enumerate(whole) if character.isdigit()]
    at = random.choice(places)
    digits = [d for d in "0123456789" if d != text[at] and not (at == places[0] and d == "0")]
    return text[:at] + random.choice(digits) + text[at + 1 :]


def _swapped(kind: str, book: Book, random: Random, sheet: Sheet, _: str) -> Result:
    """The figures of two neighbouring columns exchanged in one row."""
    pairs = []
    for r, row in enumerate(sheet.body):
        cells = [(c, cell) for c, cell in enumerate(row) if cell and cell.kind == "number"]
        for (c, one), (d, other) in pairwise(cells):
            if d == c + 1 and _is_exchangeable(one, other):
                pairs.append((r, c, one, other))
    if not pairs:
        return None
    r, c, one, other = random.choice(pairs)
    new = {(r, c): replace(one, text=other.text), (r, c + 1): replace(other, text=one.text)}
    places = ((sheet.table_code, *one.figure), (sheet.table_code, *other.figure))
    planted = Planted(kind, f"{other.text} {one.text}", (one.text, other.text), places)
    return _with_sheet(book, sheet, _with_cells(sheet, new)), planted


def _is_exchangeable(one: Printed, other: Printed) -> bool:
    if not (one.figure and other.figure and one.figure[0] == other.figure[0]):
        return False
    return abs(number(one.text) - number(other.text)) >= 1


def _blank(kind: str, book: Book, random: Random, sheet: Sheet, _: str) -> Result:
    """A figure not printed."""
    cells = [x for x in _figures(sheet) if abs(number(x[2].text)) >= 1]
    if not cells:
        return None
    r, c, cell = random.choice(cells)
    made = _with_cells(sheet, {(r, c): replace(cell, text="", figure=None)})
    planted = Planted(kind, "", (cell.text,), ((sheet.table_code, *cell.figure),))
    return _with_sheet(book, sheet, made), planted


_IN_CELLS: dict[str, Callable[[str, Book, Random, Sheet, str], Result]] = {
    "digit": _digit,
    "swapped": _swapped,
    "blank": _blank,
}


def _with_cells(sheet: Sheet, new: dict[tuple[int, int], Printed]) -> Sheet:
    def row_of(r: int, row: Row) -> Row:
        return tuple(new.get((r, c), cell) for c, cell in enumerate(row))

    return replace(sheet, body=tuple(row_of(r, row) for r, row in enumerate(sheet.body)))


def _with_sheet(book: Book, old: Sheet, new: Sheet | None) -> Book:
    sheets = [new if sheet is old else sheet for sheet in book.sheets]
    return replace(book, sheets=tuple(sheet for sheet in sheets if sheet))


# -- of tables --------------------------------------------------------------------------------------------


def _standard(book: Book, taken: frozenset[str], empty: bool = False) -> list[Sheet]:
    return [
        s
        for s in book.sheets
        if s.table_code in _TABLES and s.table_code not in taken and bool(_figures(s)) != empty
    ]


def _deleted(kind: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    """A table left out that the contents list."""
    if not book.contents:
        return None
    sheet = random.choice(_standard(book, taken))
    planted = Planted(kind, "", (sheet.title,), table_code=sheet.table_code, text=sheet.title)
    return _with_sheet(book, sheet, None), planted


def _wrong_unit(kind: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    """元 above a table in 万元, or 万元 above one in 元."""
    sheet = random.choice(_standard(book, taken))
    right = "万元" if "万元" in sheet.unit_line else "元"
    wrong = sheet.unit_line.replace(right, "元" if right == "万元" else "万元")
    if right == "元" and re.search("[千百亿]元", sheet.unit_line):
        return None
    planted = Planted(kind, wrong, (sheet.unit_line,), table_code=sheet.table_code, text=wrong)
    return _with_sheet(book, sheet, replace(sheet, unit_line=wrong)), planted


def _wrong_year(kind: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    """Two years ago in a title."""
    sheet = random.choice(_standard(book, taken))
    wrong = str(int(book.fiscal_year) - 2)
    year = book.fiscal_year
    title = sheet.title.replace(year, wrong) if year in sheet.title else f"{wrong}年度{sheet.title}"
    planted = Planted(kind, title, (year,), table_code=sheet.table_code, text=title)
    return _with_sheet(book, sheet, replace(sheet, title=title)), planted


def _without_note(kind: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    """An empty table that nothing explains."""
    sheets = [s for s in _standard(book, taken, empty=True) if s.notes and s.table_code in ("gk07", "gk08")]
    if not sheets:
        return None
    sheet = random.choice(sheets)
    planted = Planted(kind, "", table_code=sheet.table_code, text=sheet.title)
    return _with_sheet(book, sheet, replace(sheet, notes=())), planted


def _false_note(kind: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    """The note of an empty table under one with figures."""
    sheets = [s for s in _standard(book, taken) if s.table_code in ("gk07", "gk08")]
    if not sheets:
        return None
    sheet = random.choice(sheets)
    planted = Planted(kind, _NOTE, table_code=sheet.table_code, text=sheet.title)
    return _with_sheet(book, sheet, replace(sheet, notes=(_NOTE,))), planted


_OF_TABLES: dict[str, Callable[[str, Book, Random, frozenset[str]], Result]] = {
    "deleted": _deleted,
    "wrong unit": _wrong_unit,
    "wrong year": _wrong_year,
    "empty without note": _without_note,
    "note over figures": _false_note,
}


# -- in words ---------------------------------------------------------------------------------------------

Change = tuple[str, str, str]  # the paragraph, what it prints, what it should print


def _in_words(kind: str, name: str, book: Book, random: Random, taken: frozenset[str]) -> Result:
    found = []
    for n, paragraph in enumerate(book.narrative):
        if paragraph not in taken and not re.match("[一二三四五六七八九十]+、", paragraph):
            found += [(n, change) for change in _WORDS[name](paragraph, book, random)]
    if not found:
        return None
    n, (text, printed, expected) = random.choice(found)
    narrative = (*book.narrative[:n], text, *book.narrative[n + 1 :])
    return replace(book, narrative=narrative), Planted(kind, printed, (expected,), text=text)


def _money(before: str) -> Callable[[str, Book, Random], Iterator[Change]]:
    def changes(text: str, _: Book, random: Random) -> Iterator[Change]:
        for match in re.finditer(before + _MONEY.pattern, text):
            if Decimal(match["value"]) >= 1:
                wrong = changed_digit(match["value"], random)
                yield _replaced(text, match.span("value"), wrong), wrong, match["value"]

    return changes


def _rate(before: str) -> Callable[[str, Book, Random], Iterator[Change]]:
    def changes(text: str, _: Book, random: Random) -> Iterator[Change]:
        for match in re.finditer(before + r"(?P<value>\d+\.\d)%", text):
            wrong = changed_digit(match["value"][:1], random) + match["value"][1:]  # a tenth of it or more
            yield _replaced(text, match.span("value"), wrong), f"{wrong}%", f"{match['value']}%"

    return changes


def _instead(pattern: str, word: Callable[[str], str]) -> Callable[[str, Book, Random], Iterator[Change]]:
    def changes(text: str, _: Book, random: Random) -> Iterator[Change]:
        for match in re.finditer(pattern, text):
            wrong = word(match[0])
            yield _replaced(text, match.span(), wrong), wrong, match[0]

    return changes


def _replaced(text: str, span: tuple[int, int], new: str) -> str:
    return text[: span[0]] + new + text[span[1] :]


def _year(text: str, book: Book, _: Random) -> Iterator[Change]:
    right, wrong = f"{book.fiscal_year}年度，", f"{int(book.fiscal_year) - 2}年度，"
    if text.startswith(right):
        yield text.replace(right, wrong, 1), wrong.strip("，"), right.strip("，")


def _foreign_class(text: str, book: Book, _: Random) -> Iterator[Change]:
    """The 类 of a path that of another."""
    match = re.search(r"，(?P<name>[^，（]+)（类）", text)
    if match:
        wrong = "教育支出" if match["name"] != "教育支出" else "农林水支出"
        yield _replaced(text, match.span("name"), wrong), wrong, match["name"]


def _absent_section(text: str, book: Book, _: Random) -> Iterator[Change]:
    """The 款 of a path one that is on no list."""
    match = re.search(r"（类）(?P<name>[^，（]+)（款）", text)
    if match:
        wrong = "星际航行事务"
        yield _replaced(text, match.span("name"), wrong), wrong, match["name"]


def _renamed(text: str, book: Book, _: Random) -> Iterator[Change]:
    """The name that class 210 had until 2018."""
    match = re.search("卫生健康支出(?=（类）)", text)
    if match and int(book.fiscal_year) > 2018:
        wrong = "医疗卫生与计划生育支出"
        yield _replaced(text, match.span(), wrong), wrong, match[0]


_OPPOSITES = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长", "大于": "小于", "小于": "大于"}
_WORDS: dict[str, Callable[[str, Book, Random], Iterator[Change]]] = {
    "amount": _money(r"(?<!增加)(?<!减少)(?<!预算)(?<![\d.])"),
    "budget": _money(r"(?<=预算)"),
    "change": _money(r"(?:增加|减少)"),
    "change rate": _rate("(?:增长|下降)"),
    "share": _rate("占本年(?:收入|支出)"),
    "completion rate": _rate("预算的"),
    "unit": _instead(r"(?<=\d)万元", lambda _: "元"),
    "year": _year,
    "direction of change": _instead("(?:增加|减少|增长|下降)(?=[0-9])", _OPPOSITES.__getitem__),
    "direction of comparison": _instead("(?:大于|小于)", _OPPOSITES.__getitem__),
    "residue: name": _instead(r"(?<=年度，)(?!本)", lambda _: "XX局"),
    "residue: choice": _instead(r"(?:增加|减少)(?=\d)", lambda word: f"{word}（{_OPPOSITES[word]}）"),
    "residue: blank": _instead(r"(?<=决算)\d+\.\d\d(?=万元)", lambda _: "____"),
    "residue: instruction": _instead(r"(?<=。)$", lambda _: "如果没有这类支出，则写本部门没有这类支出。"),
    "path: foreign class": _foreign_class,
    "path: absent section": _absent_section,
    "renamed account": _renamed,
}
