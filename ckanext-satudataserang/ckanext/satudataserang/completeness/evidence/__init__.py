"""The evidence bundle: what the portal proves by itself for the evaluation of sectoral statistics (EPSS), as one zip.

`tables` names what goes in, `statements` how it is read, `archive` how it is written, `bundle` puts it together.
"""

from __future__ import annotations
