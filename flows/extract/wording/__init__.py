"""Wording that changes a figure or was left behind: seen only where the sentences are, so found here."""

from flows.extract.wording.find import wording_problems

__all__ = ["wording_problems"]
