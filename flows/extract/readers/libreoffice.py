"""Converts what only LibreOffice reads, where it is installed.

It runs with a profile of its own that is thrown away, in which no macro runs and no link is followed.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from flows.extract.readers import UnreadableDocument, room

SECONDS = 90  # a conversion takes one or two; LibreOffice hangs on some damaged files

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


def converter() -> str:
    """The path of LibreOffice; empty where it is not installed."""
    return shutil.which("soffice") or ""


def converted(soffice: str, data: bytes, kind: str, target: str = "docx") -> bytes:
    """What LibreOffice makes of a file; kinds are the endings of their names.

    Raises UnreadableDocument where it makes nothing, or not in time.
    """
    room.make_room()
    with tempfile.TemporaryDirectory(prefix="juesuan-") as scratch:
        folder = Path(scratch)
        profile = folder / "profile" / "user" / "registrymodifications.xcu"
        profile.parent.mkdir(parents=True)
        profile.write_text(_PROFILE, encoding="utf-8")
        made = folder / "made"
        made.mkdir()
        (folder / f"document.{kind}").write_bytes(data)
        _run(
            [
                soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
                "--norestore", "--convert-to", target, "--outdir", str(made), f"document.{kind}",
            ],
            folder,
        )  # fmt: skip
        if not (made / f"document.{target}").is_file():
            raise _not_converted("")
        return (made / f"document.{target}").read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Runs LibreOffice, which is several processes, and lets none of them outlive this."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    environment = os.environ | {"HOME": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    running = subprocess.Popen(command, cwd=folder, env=environment, process_group=0, **quiet)
    try:
        running.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise _not_converted(f" {SECONDS} s") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _not_converted(within: str) -> UnreadableDocument:
    return UnreadableDocument(
        f"LibreOffice 未能转换此文件{within and '（限时' + within + '）'}，请用 Word 另存为 DOCX / "
        f"LibreOffice could not convert the file{within and ' within' + within}; save it as DOCX with Word"
    )
