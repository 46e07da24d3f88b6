"""The gate between candidate and published warehouse: only what passed the audit goes through."""

from __future__ import annotations

import json

from flows.errors import HeldBack, JuesuanError
from flows.manifest import file_mark, write_text
from flows.settings import Settings


def audit_candidate(settings: Settings) -> None:
    """Audit the candidate and note the verdict. Raises HeldBack, with what failed, when it must not be
    published; the results are in `settings.audit` either way."""
    if not settings.candidate.is_file():
        raise JuesuanError(f"there is no candidate for {settings.warehouse}; run `juesuan build` first")
    # Imported here: Great Expectations costs three seconds, which a refresh with nothing new should not pay.
    from flows.audit import audit

    result = audit(settings.candidate, settings.audit, settings.policy)
    verdict = {"passed": result.passed, "candidate": file_mark(settings.candidate), "policy": settings.policy}
    write_text(settings.state / "audit.json", json.dumps(verdict))
    if not result.passed:
        reasons = "\n".join(f"  {failure}" for failure in result.failures)
        raise HeldBack(f"the audit stopped the candidate:\n{reasons}\n  results: {settings.audit}")


def require_passed(settings: Settings) -> None:
    """Raise HeldBack unless the candidate as it lies there passed the audit under the same policy."""
    try:
        verdict = json.loads((settings.state / "audit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        verdict = {}
    expected = {"passed": True, "candidate": file_mark(settings.candidate), "policy": settings.policy}
    if verdict != expected:
        raise HeldBack("this candidate has not passed the audit; run `juesuan audit` first")
