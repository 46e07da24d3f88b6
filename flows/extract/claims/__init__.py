"""Every amount, rate and count that the narrative of a document states."""

from flows.extract.claims.extract import claims_in, claims_of, narrative_of

__all__ = ["claims_in", "claims_of", "narrative_of"]
