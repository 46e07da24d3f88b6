"""Damages documents at random, as their bytes and as what their bytes hold.

A byte flipped in a packed stream only breaks the packing; so streams are unpacked, changed and packed
again, and the reader behind the packing is met too.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib
from collections.abc import Callable
from random import Random

_STREAM = re.compile(rb"<<((?:[^<>]|<<[^<>]*>>)*?)>>\s*stream\r?\n(.*?)\r?\n?endstream", re.S)
_TAG = re.compile(rb"<[^<>]{1,300}>")
_NUMBER = re.compile(rb"\d+(?:,\d{3})*(?:\.\d+)?")
_ELEMENT = re.compile(rb"<(w:tc|w:tr|w:p|row|c|td|tr|table)\b[^>]*>(?:(?!<\1\b).){0,5000}?</\1>", re.S)
_BETWEEN_TAGS = re.compile(rb"(?<=>)[^<>]{1,300}(?=<)")
# What is odd, and is text all the same.
_WORDS = [
    text.encode()
    for text in (
        "万元", "合计", "收入支出决算总表", "支出决算表", "三公", "公开01表", "第三部分", "栏次", "2023年度",
        "％", "３.１４", "①", "½", "△", "−", "\u202e", "\u200b", "\ufeff", "\u3000", "=1+1", "@SUM(A1)", "+1",
        "—", "\t\t\t", "\f", "(3.20)", "&lt;b&gt;", "&#8238;", "1.00万元", "增长100%",
    )
]  # fmt: skip
# What is odd and no text.
_PIECES = [
    b"\0", b"\xff", b"\xed\xa0\x80", b"\x80", b"\v", b"\r", b"\x1a", b"&#0;", b"&#xD800;", b"&a;", b"]]>",
    b"<!--", b"<table>", b"</td>", b"<tr>", b"<script>1.00</script>", b"%n%s", b"(", b"endobj", b"stream",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b" 0 R", b"BT", b"ET",
]  # fmt: skip
_NUMBERS = [
    b"0", b"-1", b"0.00", b"-0.01", b"1e308", b"NaN", b"9" * 20, b"0." + b"1" * 30, b"65536", b"2147483648",
    b"1,0,0", b"1.2.3", b"(3.20)", b"100%", b"00000000", b"208", b"20101", b"2010101",
]  # fmt: skip

Mutation = Callable[[Random, bytes], bytes]


def mutated(random: Random, data: bytes) -> bytes:
    """A document with one to four kinds of damage. The same state of `random` does the same damage."""
    for _ in range(random.choice((1, 1, 2, 4))):
        data = random.choice(_mutations_of(data))(random, data)
    return data


def _mutations_of(data: bytes) -> list[Mutation]:
    if data.startswith(b"PK"):
        return [_bytes, _zip_entries, *[_zip_entry] * 8]
    if data[:1024].find(b"%PDF") >= 0:
        return [_bytes, _pdf_stream, _pdf_stream, _numbers, _lines]
    if data.startswith((b"\xd0\xcf", b"\x89PNG", b"\xff\xd8")):
        return [_bytes, *[_few_bytes] * 4]
    if b"<" in data[:200]:
        return [_bytes, _characters, _tags, _numbers, _odd, *[_elements] * 3, *[_texts] * 4]
    return [_bytes, _characters, _lines, _lines, _numbers, _odd]


# -- bytes ------------------------------------------------------------------------------------------------


def _bytes(random: Random, data: bytes) -> bytes:
    """Flipped bytes; a chunk cut out, doubled, moved or blanked; or the end cut off."""
    if not data:
        return data
    kind = random.choice(("flip", "cut", "double", "swap", "blank", "truncate"))
    at, length = random.randrange(len(data)), random.choice((1, 4, 16, 256, 4096))
    if kind == "flip":
        changed = bytearray(data)
        for _ in range(random.choice((1, 3, 30))):
            changed[random.randrange(len(data))] = random.randrange(256)
        return bytes(changed)
    if kind == "cut":
        return data[:at] + data[at + length :]
    if kind == "double":
        return data[:at] + data[at : at + length] * random.choice((2, 2, 50)) + data[at + length :]
    if kind == "swap":
        other = random.randrange(len(data))
        a, b = sorted((at, other))
        first, second = data[a : a + length], data[b : b + length]
        return data[:a] + second + data[a + length : b] + first + data[b + length :]
    if kind == "blank":
        return data[:at] + random.choice((b"\0", b"\xff", b" ")) * length + data[at + length :]
    return data[:at]


def _few_bytes(random: Random, data: bytes) -> bytes:
    """One to three bytes that are not zero changed."""
    changed = bytearray(data)
    places = [n for n in range(len(data)) if data[n]] or [0]
    for _ in range(random.choice((1, 2, 3))):
        changed[random.choice(places)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    return bytes(changed)


# -- text -------------------------------------------------------------------------------------------------


def _lines(random: Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    for _ in range(random.choice((1, 3, 20))):
        a, b = random.randrange(len(lines)), random.randrange(len(lines))
        kind = random.choice(("drop", "double", "swap", "join", "split", "many"))
        if kind == "drop" and len(lines) > 1:
            del lines[a]
        elif kind == "double":
            lines.insert(b, lines[a])
        elif kind == "many":
            lines[b:b] = [lines[a]] * 30
        elif kind == "join":
            lines[a] += random.choice((b"", b" ", b"\t")) + lines[b]
        elif kind == "split":
            middle = random.randrange(len(lines[a]) + 1)
            lines[a : a + 1] = [lines[a][:middle], lines[a][middle:]]
        else:
            lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


def _characters(random: Random, data: bytes) -> bytes:
    """What `_bytes` does, done to characters: a text remains."""
    for encoding in ("utf-8", "gb18030"):
        try:
            wide = data.decode(encoding).encode("utf-32-le")
        except UnicodeDecodeError:
            continue
        at, length = 4 * random.randrange(len(wide) // 4 + 1), 4 * random.choice((1, 5, 50, 500))
        chunk = wide[at : at + length]
        other = 4 * random.randrange(len(wide) // 4 + 1)
        if random.random() < 0.7:
            wide = wide[:at] + wide[at + length :]
        if random.random() < 0.7:
            wide = wide[:other] + chunk + wide[other:]
        return wide.decode("utf-32-le").encode(encoding)
    return _bytes(random, data)


def _odd(random: Random, data: bytes) -> bytes:
    odd = _WORDS if random.random() < 0.7 else _PIECES
    for _ in range(random.choice((1, 3, 20))):
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.choice(odd) * random.choice((1, 1, 100)) + data[at:]
    return data


def _numbers(random: Random, data: bytes) -> bytes:
    return _replaced(random, data, _NUMBER, lambda old: random.choice((*_NUMBERS, old[::-1], old * 3, b"")))


def _tags(random: Random, data: bytes) -> bytes:
    """Tags dropped, doubled, moved, or with numbers of their own choice in their attributes."""
    tags = _TAG.findall(data) or [b"<td>"]

    def change(old: bytes) -> bytes:
        return random.choice(
            (
                b"",
                old * random.choice((2, 200)),
                random.choice(tags),
                b"</" + old[1:],
                _NUMBER.sub(lambda _: random.choice(_NUMBERS), old),
                old[:-1] + b' colspan="' + random.choice(_NUMBERS) + b'" rowspan="99999">',
            )
        )

    return _replaced(random, data, _TAG, change)


def _texts(random: Random, data: bytes) -> bytes:
    """Texts between tags changed, so that the tags stay whole."""
    return _replaced(
        random,
        data,
        _BETWEEN_TAGS,
        lambda old: random.choice((*_NUMBERS, *_WORDS, old * 2, old[: len(old) // 2], old + b"1.00")),
    )


def _elements(random: Random, data: bytes) -> bytes:
    """Whole cells, rows, paragraphs and tables dropped, doubled or moved."""
    elements = [match[0] for match in _ELEMENT.finditer(data)]
    if not elements:
        return _texts(random, data)

    def change(old: bytes) -> bytes:
        return random.choice((b"", old * random.choice((2, 30)), random.choice(elements)))

    return _replaced(random, data, _ELEMENT, change)


def _replaced(
    random: Random, data: bytes, pattern: re.Pattern[bytes], change: Callable[[bytes], bytes]
) -> bytes:
    places = [match.span() for match in pattern.finditer(data)]
    chosen = sorted(random.sample(places, min(len(places), random.choice((1, 3, 20)))), reverse=True)
    for start, end in chosen:
        data = data[:start] + change(data[start:end]) + data[end:]
    return data




# -- packed -----------------------------------------------------------------------------------------------


def _zip_entry(random: Random, data: bytes) -> bytes:
    """One file of an archive changed, and the archive packed again as if it had always been so."""
    entries = _entries(data)
    if not entries:
        return _bytes(random, data)
    at = random.randrange(len(entries))
    name, content = entries[at]
    mutation = random.choice(_mutations_of(content))
    entries[at] = (name, mutation(random, content))
    return _zipped(entries)


def _zip_entries(random: Random, data: bytes) -> bytes:
    """Files of an archive missing, there twice, or under another's name."""
    entries = _entries(data)
    if not entries:
        return _bytes(random, data)
    a, b = random.randrange(len(entries)), random.randrange(len(entries))
    kind = random.choice(("drop", "double", "rename", "swap"))
    if kind == "drop":
        del entries[a]
    elif kind == "double":
        entries.append(entries[a])
    elif kind == "rename":
        entries[a] = (random.choice(("../x", "/x", "C:\\x", "", "a/" * 50, entries[b][0])), entries[a][1])
    else:
        entries[a], entries[b] = (entries[a][0], entries[b][1]), (entries[b][0], entries[a][1])
    return _zipped(entries)


def _entries(data: bytes) -> list[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except Exception:  # damaged already
        return []


def _zipped(entries: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name or "x"), content)
    return out.getvalue()


def _pdf_stream(random: Random, data: bytes) -> bytes:
    """One stream of a PDF unpacked, changed, and put back unpacked under its new length."""
    streams = list(_STREAM.finditer(data))
    if not streams:
        return _bytes(random, data)
    stream = random.choice(streams)
    content = stream[2]
    try:
        if b"ASCII85" in stream[1]:
            content = base64.a85decode(content.strip().removesuffix(b"~>"))
        if b"Flate" in stream[1]:
            content = zlib.decompress(content)
    except (ValueError, zlib.error):
        return _bytes(random, data)
    content = random.choice([_bytes, _lines, _numbers, _odd])(random, content)
    about = re.sub(rb"/Filter\s*(?:\[[^\]]*\]|/\w+)", b"", stream[1])
    about = re.sub(rb"/Length\s+\d+", b"/Length %d" % len(content), about)
    whole = b"<<" + about + b">>\nstream\n" + content + b"\nendstream"
    return data[: stream.start()] + whole + data[stream.end() :]
