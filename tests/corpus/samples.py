"""The documents of documents/samples/ and their landing in seeds/landing/.

`python -m tests.corpus.samples` renders and lands them again; both are tracked, and both come
out the same to the byte as long as neither the corpus nor the reading has changed.
"""

from __future__ import annotations

from pathlib import Path

from flows.land import land_document, write_landing
from tests.corpus import render_pdf, render_txt
from tests.corpus.accounts import read_account

_PROJECT = Path(__file__).parents[2]
SAMPLES = _PROJECT / "documents" / "samples"
LANDING = _PROJECT / "seeds" / "landing"


def render_samples() -> dict[str, bytes]:
    """File name → bytes, one document a department, each in another layout."""
    beita, caidian, hetang, government, party = (
        read_account(key)
        for key in (
            "beita_party_office",
            "caidian_party_office",
            "hetang_party_office",
            "zengdu_government_office",
            "zengdu_party_office",
        )
    )
    with_slips = render_txt.render(hetang, "tabbed", render_txt.SLIPS)
    return {
        "beita_party_office_2023.txt": render_txt.render(beita, "cell_lines").encode(),
        "caidian_party_office_2023.txt": render_txt.render(caidian, "columnless").encode(),
        "hetang_party_office_2023.txt": with_slips.encode("gb18030"),
        "zengdu_government_office_2023.pdf": render_pdf.render(government, "stroke", "plain"),
        "zengdu_party_office_2023.pdf": render_pdf.render(party, "fill", "numbered", repeat_header=True),
    }


def main() -> None:
    documents = render_samples()
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for name, data in documents.items():
        path = SAMPLES / name
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)
    write_landing(LANDING, [land_document(name, data) for name, data in documents.items()])
    print(f"rendered {len(documents)} samples into {SAMPLES.relative_to(_PROJECT)}")
    print(f"landed them into {LANDING.relative_to(_PROJECT)}")


if __name__ == "__main__":
    main()
