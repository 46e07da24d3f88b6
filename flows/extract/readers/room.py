"""How much memory the reading of one document may take.

A document is read in a process that may have the memory that texts and tables need. What needs more,
and is known to (pictures of pages, LibreOffice), asks for it here, so that nothing else gets it.
"""

from __future__ import annotations

import resource


def make_room() -> None:
    """Lets this process have as much memory as it may be given at the utmost; where nothing limits it,
    nothing changes."""
    _, utmost = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (utmost, utmost))
