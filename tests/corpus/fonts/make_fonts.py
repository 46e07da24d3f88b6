"""Cuts JuesuanSong.ttf and JuesuanHei.ttf out of Noto Serif CJK SC and Noto Sans CJK SC.

python tests/corpus/fonts/make_fonts.py <folder with NotoSerifCJK-Regular.ttc and NotoSansCJK-Regular.ttc>

It needs fonttools, which nothing else here does and which is therefore in no lock. reportlab embeds
TrueType outlines only, so the cubic curves become quadratic ones, on a grid of 256 units an em:
a quarter of a pixel in a title of 22 points at 200 dpi.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

_HERE = Path(__file__).parent
_SIMPLIFIED_CHINESE = 2  # its place in the collections
_UNITS_PER_EM = 256
_ERROR = 1.5  # of a curve, in these units
_DROPPED = ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG"]
_FONTS = {
    "JuesuanSong": ("NotoSerifCJK-Regular.ttc", "© 2017-2022 Adobe (http://www.adobe.com/)."),
    "JuesuanHei": ("NotoSansCJK-Regular.ttc", "© 2014-2021 Adobe (http://www.adobe.com/)."),
}
_LICENCE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
_MAXIMA = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs", "maxStackElements",
    "maxSizeOfInstructions", "maxComponentElements", "maxPoints", "maxContours", "maxCompositePoints",
    "maxCompositeContours", "maxComponentDepth",
)  # fmt: skip
_METRICS = {
    "hhea": ("ascent", "descent", "lineGap"),
    "OS/2": ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent", "sxHeight",
             "sCapHeight", "xAvgCharWidth"),
}  # fmt: skip


def main(folder: Path) -> None:
    text = (_HERE / "characters.txt").read_text(encoding="utf-8").replace("\n", "") + " \u3000"
    for name, (file, copyright_line) in _FONTS.items():
        font = TTFont(folder / file, fontNumber=_SIMPLIFIED_CHINESE, recalcTimestamp=False)
        _cut(font, text)
        _make_quadratic(font, _UNITS_PER_EM / font["head"].unitsPerEm)
        _name(font, name, copyright_line)
        font.save(_HERE / f"{name}.ttf")


def _cut(font: TTFont, text: str) -> None:
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.glyph_names = False
    options.desubroutinize = True
    options.drop_tables += _DROPPED
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)


def _make_quadratic(font: TTFont, scale: float) -> None:
    order, outlines, glyphs = font.getGlyphOrder(), font.getGlyphSet(), {}
    for name in order:
        pen = TTGlyphPen(None)
        to_quadratic = Cu2QuPen(pen, _ERROR, reverse_direction=True)
        outlines[name].draw(TransformPen(to_quadratic, (scale, 0, 0, scale, 0, 0)))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    font["loca"], font["glyf"] = newTable("loca"), newTable("glyf")
    font["glyf"].glyphOrder, font["glyf"].glyphs = order, glyphs
    for name, (width, _) in list(font["hmtx"].metrics.items()):
        glyphs[name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[name] = (round(width * scale), glyphs[name].xMin)
    for table, values in _METRICS.items():
        for value in values:
            setattr(font[table], value, round(getattr(font[table], value) * scale))
    font["maxp"].tableVersion, font["maxp"].maxZones = 0x00010000, 1
    for value in _MAXIMA:
        setattr(font["maxp"], value, 0)
    font["head"].unitsPerEm = _UNITS_PER_EM
    font["post"].formatType = 3.0
    font.sfntVersion = "\0\1\0\0"


def _name(font: TTFont, name: str, copyright_line: str) -> None:
    font["name"].names = []
    texts = {0: copyright_line, 1: name, 2: "Regular", 3: name, 4: name, 5: "Version 1.0", 6: name,
             13: _LICENCE, 14: "https://openfontlicense.org"}  # fmt: skip
    for number, text in texts.items():
        font["name"].setName(text, number, 3, 1, 0x409)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
