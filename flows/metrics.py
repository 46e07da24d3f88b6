"""Metrics of a published warehouse: what models/semantic defines, as SQL that MetricFlow writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.errors import UsageError


@dataclass(frozen=True)
class Metric:
    """A metric: `dimensions` are the names that it can be grouped by."""

    name: str
    label: str
    description: str
    dimensions: tuple[str, ...]


def write_definitions(semantic_manifest: Path, target: Path) -> None:
    """Write what dbt made of models/semantic, without the name of the candidate, which no reader knows."""
    content = json.loads(semantic_manifest.read_text(encoding="utf-8"))
    relations = [model["node_relation"] for model in content["semantic_models"]]
    relations += [spine["node_relation"] for spine in content["project_configuration"]["time_spines"]]
    for relation in relations:
        relation["database"] = None
        relation["relation_name"] = f'"{relation["schema_name"]}"."{relation["alias"]}"'
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def listed(definitions: Path) -> list[Metric]:
    """All metrics by name. Raises UsageError where the warehouse has none."""
    engine = _engine(definitions)
    return sorted(
        (
            Metric(
                metric.name,
                metric.label or metric.name,
                metric.description or "",
                tuple(sorted({dimension.granularity_free_dunder_name for dimension in metric.dimensions})),
            )
            for metric in engine.list_metrics()
            if metric.label not in (None, metric.name)  # the parts of ratios are not for people
        ),
        key=lambda metric: metric.name,
    )


def sql_of(
    definitions: Path, metrics: Sequence[str], by: Sequence[str] = (), where: Sequence[str] = ()
) -> str:
    """The SQL of a query for metrics, grouped by dimensions (`entity__dimension`).

    Raises UsageError where a name is not known, with those that come near it.
    """
    from metricflow.engine.metricflow_engine import MetricFlowQueryRequest
    from metricflow_semantics.errors.error_classes import MetricFlowException

    request = MetricFlowQueryRequest.create(
        metric_names=list(metrics), group_by_names=list(by), where_constraints=list(where),
        order_by_names=list(by),
    )  # fmt: skip
    try:
        return _engine(definitions).explain(request).sql_statement.sql
    except MetricFlowException as error:
        raise UsageError(f"{error}\n`juesuan metric --list` names all metrics and dimensions") from None


def _engine(definitions: Path):
    if not definitions.is_file():
        raise UsageError(f"no metrics beside the warehouse ({definitions}); `juesuan refresh` writes them")
    # Imported here: it costs two seconds, and only metrics need it.
    from metricflow.engine.metricflow_engine import MetricFlowEngine
    from metricflow.protocols.sql_client import SqlEngine
    from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
    from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    class Client:
        """Says which SQL to write; it is run on a connection of our own, which cannot change anything."""

        sql_engine_type = SqlEngine.DUCKDB
        sql_plan_renderer = DuckDbSqlPlanRenderer()

    manifest = parse_manifest_from_dbt_generated_manifest(definitions.read_text(encoding="utf-8"))
    return MetricFlowEngine(semantic_manifest_lookup=SemanticManifestLookup(manifest), sql_client=Client())
