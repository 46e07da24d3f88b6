"""Turns published final accounts (部门决算公开) into a warehouse: read, land, build, audit, publish."""

from __future__ import annotations

import os

# The libraries underneath report their use to their makers unless told not to. This stands here, and not
# only in the Makefile, so that every way into the code has it: the command line, pytest, a notebook.
_NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "GX_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
}
for _name, _value in _NO_TELEMETRY.items():
    os.environ.setdefault(_name, _value)
