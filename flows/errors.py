"""The errors a user can do something about, each with the exit code it ends the command with.

0 is a warehouse published, or nothing new; 2 is the command line's own code for wrong usage.
"""

from __future__ import annotations


class JuesuanError(Exception):
    """Something failed and the message says what to do. The command prints it without a stack trace."""

    exit_code = 1


class UsageError(JuesuanError):
    """A path, an option or a figure id that cannot be right."""

    exit_code = 2


class HeldBack(JuesuanError):
    """A structural failure: the candidate is not published and the last good warehouse stays up."""

    exit_code = 3


class WarehouseBusy(JuesuanError):
    """Another refresh of the same warehouse is running."""

    exit_code = 4
