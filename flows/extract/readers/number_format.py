"""The text of a number as a spreadsheet shows it.

A cell stores a binary double and, apart from it, a format: 540.4 under `0.00` is printed 540.40. What is
printed is what a document publishes, and its decimals say how far it was rounded, so that is landed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

# Formats that XLSX names by number alone (ECMA-376, 18.8.30); dates are not asked for here.
BUILT_IN_FORMATS = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00",
    8: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"??',
    44: '#,##0.00;-#,##0.00;"-"??',
}  # fmt: skip

_PLAIN = {"", "@", "General", "GENERAL", "general", "G/通用格式"}
_SCIENTIFIC = re.compile(r"[0#?][Ee][+-]")
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]|(?P<bare>.)', re.DOTALL
)
_COLOUR = re.compile(
    r"black|white|red|green|blue|yellow|magenta|cyan|(color|颜色)\s?\d+|[黑白红绿蓝黄]色?", re.IGNORECASE
)
_CURRENCY = "¥￥$€£"
_SIGNS = "()-+ "  # how a negative is shown; landed with a minus sign in front, however it is shown
_EXACT_DIGITS = 15  # a double holds no more; Excel shows no more


@dataclass(frozen=True)
class _Section:
    """One of the parts of a format, for positive, negative and zero numbers."""

    before: str = ""
    digits: str = ""  # the placeholders: 0 # ? , .
    after: str = ""
    is_percent: bool = False
    is_plain: bool = False


def plain_number(value: float) -> str:
    """The shortest decimal of a stored number at 15 significant digits, never scientific; a whole one
    without a point. The noise of binary fractions (0.30000000000000004) is gone."""
    text = f"{_exact(value):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def printed_number(value: float, code: str) -> str | None:
    """A finite number under a format code as it is shown, or None where the format is not known here
    (conditions, Chinese numerals, fractions, text between the digits).

    Negative numbers bear a minus sign, also where the format shows them red or in brackets. Currency
    signs are left out: the unit stands above the table. Never scientific.
    """
    if code in _PLAIN or _SCIENTIFIC.search(code):
        return plain_number(value)
    sections = _sections(code)
    if sections is None:
        return None
    exact = _exact(value)
    if exact < 0:
        section = sections[1] if len(sections) > 1 else sections[0]
    else:
        section = sections[2] if exact == 0 and len(sections) > 2 else sections[0]
    if section.is_plain or (section.digits and abs(exact) >= 10**_EXACT_DIGITS):
        return plain_number(value)
    if not section.digits or (exact == 0 and "0" not in section.digits):
        return (section.before + section.after).strip()
    before, after = (text.strip(_SIGNS + _CURRENCY) for text in (section.before, section.after))
    return before + _in_digits(exact, section) + after


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.{_EXACT_DIGITS}g}")


def _in_digits(value: Decimal, section: _Section) -> str:
    whole, _, fraction = section.digits.partition(".")
    bare = whole.rstrip(",")
    thousands = len(whole) - len(bare) + fraction.count(",")  # 0.00, shows thousands
    fraction = fraction.replace(",", "")
    shown = value.scaleb(2 * section.is_percent - 3 * thousands)
    shown = shown.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    sign = "-" if shown < 0 else ""
    units, _, decimals = f"{abs(shown):f}".partition(".")
    needed = len(fraction.rstrip("#?"))
    decimals = decimals[:needed] + decimals[needed:].rstrip("0")
    units = units.zfill(bare.count("0"))
    if "," in bare:
        units = f"{int(units):,}"
    return sign + units + ("." + decimals if decimals else "") + "%" * section.is_percent


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...] | None:
    """The parts of a format code; None where it holds what is not known here."""
    sections: list[_Section] = []
    before = digits = after = ""
    is_percent = is_plain = False
    # General stands for digits of its own: one character that no format uses
    for token in _TOKEN.finditer(re.sub(r"General|G/通用格式", "\0", code) + ";"):
        quoted, escaped, bracket, bare = token.group("quoted", "escaped", "bracket", "bare")
        if bare == ";":
            sections.append(_Section(before, digits, after, is_percent, is_plain))
            before = digits = after = ""
            is_percent = is_plain = False
        elif bracket is not None:
            if not bracket.startswith("$") and not _COLOUR.fullmatch(bracket):
                return None
        elif bare == "\0":
            is_plain = True
        elif bare == "%":
            is_percent = True
        elif bare and bare in "0#?,.":
            if after:
                return None
            digits += bare
        elif bare and ((bare.isalpha() and bare.isascii()) or bare in "@/"):
            if bare != "@" or digits:
                return None
        else:
            text = quoted or escaped or bare or ""
            if digits:
                after += text
            else:
                before += text
    return tuple(sections[:3])
