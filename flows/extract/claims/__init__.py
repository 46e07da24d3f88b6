"""Every amount, rate and count that the narrative of a document states."""

from flows.extract.claims.extract import claims_of

__all__ = ["claims_of"]
