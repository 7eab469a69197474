"""PDF documents as small as they may be, for tests: pages of lines, and whatever else is asked for."""

from __future__ import annotations

import zlib
from collections.abc import Sequence


def document(
    *pages: str, info: str = "", annotation: str = "", others: Sequence[str] = (), packed: bool = False
) -> bytes:
    """A document; `info`, `annotation` and `others` are objects as the format writes them."""
    count = len(pages)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {count} /Kids [{' '.join(f'{4 + 2 * n} 0 R' for n in range(count))}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    held = [one.encode("latin-1") for one in objects]
    notes = f"/Annots [{annotation}]" if annotation else ""
    for number, page in enumerate(pages):
        lines = " T* ".join(f"({line}) Tj" for line in page.splitlines())
        drawn = f"BT /F 12 Tf 14 TL 72 720 Td {lines} ET".encode("latin-1")
        drawn, how = (zlib.compress(drawn), " /Filter /FlateDecode") if packed else (drawn, "")
        held.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> {notes} "
            f"/Contents {5 + 2 * number} 0 R >>".encode("latin-1")
        )
        held.append(f"<< /Length {len(drawn)}{how} >>\nstream\n".encode() + drawn + b"\nendstream")
    held += [one.encode("latin-1") for one in (*others, *([info] if info else []))]
    return assembled(held, f"/Info {len(held)} 0 R" if info else "")


def assembled(objects: Sequence[bytes], trailer: str = "") -> bytes:
    """Objects, numbered from 1, as a file; the first is its catalogue."""
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(content))
        content += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    begun = len(content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{begun}\n%%EOF\n"
    return content + f"xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode()
