"""Which column each number of a columnless row stood in.

A row's numbers keep their order, so a row of k numbers in a form of n columns has C(n, k)
arrangements. The identities of the forms tie the rows together: along the row, up the
类/款/项 tree, and to the other tables. The arrangement that satisfies them all within rounding
is found with a constraint solver; whether it is the only one is found by asking for another.

Blank cells count as nothing here, as they do in the forms: a column with parts and a blank
total does not add up. Where that cannot be, because the document leaves figures out (`gaps`), the
identities over these say nothing.

The solver's effort is bounded for all rows together and counted in its own deterministic time, so
that no document holds up the others, and every machine gives the same answer. What is not proved
when the effort is used up is ambiguous.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb, lcm

from ortools.sat.python import cp_model

from flows.extract.tables.amounts import is_modest
from flows.extract.tables.gaps import Gaps, Instance, gaps_in
from flows.extract.tables.identities import Identity, instances_of

_EFFORT_AT_MOST = 2.0  # deterministic time, about seconds; documents need 0.1, ones with twenty errors 1
_ARRANGEMENTS_AT_MOST = 30_000  # of all rows together; documents have up to 3,000


@dataclass(frozen=True)
class RowToPlace:
    """A row whose numbers are known and whose columns are not (or are: then they are as many).

    `measures` are the form's columns in order, `amounts` the printed numbers in order, in 元,
    `half_widths` half a unit of each one's last printed digit, in 元.
    """

    table_code: str
    line_item: str
    measures: tuple[str, ...]
    amounts: tuple[Decimal, ...]
    half_widths: tuple[Decimal, ...]


@dataclass(frozen=True)
class Placement:
    """`columns` are indices into the row's measures, one for each of its numbers."""

    columns: tuple[int, ...]
    confidence: str  # certain | inferred | ambiguous: of all its numbers together
    alternatives: int = 1  # how many arrangements fit as well, the chosen one among them
    broken: tuple[str, ...] = ()  # identities that no arrangement satisfies and that touch the row
    told: frozenset[int] = (
        frozenset()
    )  # numbers of an ambiguous row whose column is the only one all the same


@dataclass(frozen=True)
class _Cell:
    """One column of one row: the arrangements of the row that print a number in it."""

    table_code: str
    line_item: str
    measure: str
    row: int
    column: int


def place(rows: Sequence[RowToPlace], identities: Sequence[Identity]) -> list[Placement]:
    """The placement of every row, in the order of `rows`.

    `certain`: as many numbers as columns. `inferred`: the only arrangement that satisfies the
    identities. `ambiguous`: several satisfy them equally well, or none satisfies all that touch
    the row, or the effort was used up; then the first of the best is given and must not be used
    as a fact, but for the numbers that stand in the same column in all that satisfy them.
    """
    counts = [comb(len(row.measures), len(row.amounts)) for row in rows]
    if sum(counts) > _ARRANGEMENTS_AT_MOST:
        return [_unproved(row) for row in rows]
    if all(count == 1 for count in counts):
        return [_unproved(row) for row in rows]
    # A row that cannot be modelled is blank in the model, so whatever it ties together is left unproved.
    modelled = [
        row if is_modest(*row.amounts, *row.half_widths) else replace(row, amounts=(), half_widths=())
        for row in rows
    ]
    options = [list(combinations(range(len(row.measures)), len(row.amounts))) for row in modelled]
    instances = _instances(modelled, identities)
    model = _Model(modelled, options, instances, may_break=False, effort=_EFFORT_AT_MOST)
    chosen = model.solve()
    if chosen is not None or model.effort_left <= 0:
        return _placements(rows, modelled, options, model, chosen)
    # no arrangement satisfies all
    model = _Model(modelled, options, instances, may_break=True, effort=model.effort_left)
    placements = _placements(rows, modelled, options, model, model.solve())
    gaps = gaps_in(modelled, options, instances)
    if not gaps.cells or model.effort_left <= 0:
        return placements
    kept = [instance for instance in instances if not gaps.touch(instance)]
    options = [gaps.options.get(i, row_options) for i, row_options in enumerate(options)]
    model = _Model(modelled, options, kept, may_break=True, effort=model.effort_left)
    without = _placements(rows, modelled, options, model, model.solve())
    return [
        then if first.broken and not then.broken and _is_told(i, then, gaps, kept) else first
        for i, (first, then) in enumerate(zip(placements, without, strict=True))
    ]


def _is_told(i: int, placement: Placement, gaps: Gaps, instances: Sequence[Instance]) -> bool:
    """Whether a placement of row `i` without the identities over what is not printed says where its numbers
    stand. A row that itself leaves figures out is told as a whole, and only where sums with other rows
    confirm each of its numbers."""
    if i not in gaps.options:
        return placement.confidence == "inferred" or bool(placement.told)
    summed = {
        cell.column
        for instance in instances
        if instance.identity.comparison == "equals" and i in instance.touched and len(instance.touched) > 1
        for _, cell in instance.total + instance.parts
        if cell.row == i
    }
    return placement.confidence == "inferred" and summed.issuperset(placement.columns)


def _placements(
    rows: Sequence[RowToPlace],
    modelled: Sequence[RowToPlace],
    options: list[list[tuple[int, ...]]],
    model: _Model,
    chosen: list[int] | None,
) -> list[Placement]:
    """The placement of every row, from the first solution of a model and all others as good."""
    if chosen is None:
        return [_unproved(row) for row in rows]
    broken_of = model.broken_identities()
    alternatives: dict[int, set[int]] = {i: {chosen[i]} for i, o in enumerate(options) if len(o) > 1}
    # numbers not yet seen in another column: (row, number)
    told = {(i, n) for i in alternatives for n in range(len(modelled[i].amounts))}
    try:
        while told and (other := model.solve_differently(chosen, told)):
            for i, seen in alternatives.items():
                seen.add(other[i])
            told = {(i, n) for i, n in told if options[i][other[i]][n] == options[i][chosen[i]][n]}
    except _GaveUp:
        told = set()  # not proved to be the only one is not the only one
    placements = []
    for i, (row_options, best) in enumerate(zip(options, chosen, strict=True)):
        if modelled[i] is not rows[i]:
            placements.append(_unproved(rows[i]))
            continue
        broken = tuple(sorted(broken_of.get(i, ())))
        if len(row_options) == 1:
            # without doubt, but where other arrangements were left out
            confidence = "certain" if len(rows[i].amounts) in (0, len(rows[i].measures)) else "inferred"
        elif len(alternatives[i]) == 1 and told and not broken:
            confidence = "inferred"
        else:
            confidence = "ambiguous"
        is_partly = confidence == "ambiguous" and not broken
        placements.append(
            Placement(
                row_options[best],
                confidence,
                len(alternatives.get(i, {best})),
                broken,
                frozenset(n for row, n in told if row == i) if is_partly else frozenset(),
            )
        )
    return placements


def _unproved(row: RowToPlace) -> Placement:
    """The first arrangement of a row, ambiguous where there are others."""
    count = comb(len(row.measures), len(row.amounts))
    return Placement(tuple(range(len(row.amounts))), "certain" if count == 1 else "ambiguous", count)


class _GaveUp(Exception):
    """The solver used up its effort before it found or excluded a solution."""


def _instances(rows: Sequence[RowToPlace], identities: Sequence[Identity]) -> list[Instance]:
    """The instances of the identities over the rows, those with terms on both sides."""
    cells = [
        _Cell(row.table_code, row.line_item, measure, i, c)
        for i, row in enumerate(rows)
        for c, measure in enumerate(row.measures)
    ]
    found = []
    for identity in identities:
        for key, (total, parts) in instances_of(identity, cells).items():
            if total and parts:
                name = f"{identity.identity_id}[{'|'.join(key)}]"
                touched = frozenset(cell.row for _, cell in total + parts)
                found.append(Instance(name, identity, total, parts, touched))
    return found


class _Model:
    """The constraint model: one Boolean per arrangement, one linear constraint per instance of an
    identity; where they may be broken, each with a Boolean that says it is, and as few as possible are.
    Without those Booleans, as for most documents, it is solved in a fraction of the time."""

    def __init__(
        self,
        rows: Sequence[RowToPlace],
        options: list[list[tuple[int, ...]]],
        instances: Sequence[Instance],
        *,
        may_break: bool,
        effort: float,
    ) -> None:
        self.rows, self.options = rows, options
        self.scale = _scale(rows)
        self.model = cp_model.CpModel()
        self.choice = [
            [self.model.new_bool_var(f"r{i}a{a}") for a in range(len(o))] for i, o in enumerate(options)
        ]
        for row in self.choice:
            self.model.add_exactly_one(row)
        self.may_break = may_break
        self.broken: list[tuple[cp_model.IntVar, str, frozenset[int]]] = []
        for instance in instances:
            if any(len(options[row]) > 1 for row in instance.touched):
                self._add_instance(*instance)
        self.broken_now: list[tuple[str, frozenset[int]]] = []
        self.elsewhere: dict[tuple[int, int], cp_model.IntVar] = {}
        self.effort_left = effort

    def _add_instance(self, name, identity, total, parts, touched) -> None:
        difference: dict[tuple[int, int], int] = defaultdict(int)  # by row and arrangement
        tolerance: dict[tuple[int, int], int] = defaultdict(int)
        reach = 0
        for sign, terms in ((1, total), (-1, parts)):
            for weight, cell in terms:
                row = self.rows[cell.row]
                for a, columns in enumerate(self.options[cell.row]):
                    if cell.column in columns:
                        n = columns.index(cell.column)
                        value = int(row.amounts[n] * self.scale)
                        half = int(row.half_widths[n] * self.scale)
                        difference[cell.row, a] += sign * weight * value
                        tolerance[cell.row, a] += half
                        reach += abs(value) + half
        d = self._sum(difference)
        t = self._sum(tolerance)
        if not self.may_break:
            self.model.add(d + t >= 0)
            if identity.comparison == "equals":
                self.model.add(d - t <= 0)
            return
        broken = self.model.new_bool_var(f"broken {name}")
        self.model.add(d + t + reach * broken >= 0)
        if identity.comparison == "equals":
            self.model.add(d - t - reach * broken <= 0)
        self.broken.append((broken, name, touched))

    def _sum(self, factors: dict[tuple[int, int], int]) -> cp_model.LinearExpr:
        variables = [self.choice[row][a] for row, a in factors]
        return cp_model.LinearExpr.weighted_sum(variables, list(factors.values()))

    def solve(self) -> list[int] | None:
        """The arrangement of each row in one of the best solutions; None where there is none, or the
        effort was used up."""
        if self.may_break:
            self.model.minimize(sum(b for b, _, _ in self.broken))
        solver, status = self._solved()
        if status != cp_model.OPTIMAL:
            return None
        if not self.may_break:
            return self._chosen(solver)
        self.broken_now = [(name, rows) for b, name, rows in self.broken if solver.value(b)]
        self.model.clear_objective()
        self.model.add(sum(b for b, _, _ in self.broken) <= len(self.broken_now))
        return self._chosen(solver)

    def solve_differently(self, chosen: list[int], numbers: set[tuple[int, int]]) -> list[int] | None:
        """Another solution as good, with one of `numbers` (row, number) at least in another column; None
        where there is none.

        From call to call `numbers` may only lose members, since what a call demands stays demanded.
        """
        self.model.add_bool_or([self._elsewhere(i, n, chosen[i]) for i, n in sorted(numbers)])
        solver, status = self._solved()
        if status == cp_model.INFEASIBLE:
            return None
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise _GaveUp
        return self._chosen(solver)

    def _elsewhere(self, i: int, n: int, chosen: int) -> cp_model.IntVar:
        """A Boolean that, where it holds, keeps a number of a row out of the column chosen for it."""
        if (i, n) not in self.elsewhere:
            moved = self.elsewhere[i, n] = self.model.new_bool_var(f"r{i}n{n} elsewhere")
            for choice, columns in zip(self.choice[i], self.options[i], strict=True):
                if columns[n] == self.options[i][chosen][n]:
                    self.model.add_implication(moved, choice.negated())
        return self.elsewhere[i, n]

    def broken_identities(self) -> dict[int, set[str]]:
        """Row → names of the identity instances that the best solution has to break."""
        found: dict[int, set[str]] = {}
        for name, rows in self.broken_now:
            for row in rows:
                found.setdefault(row, set()).add(name)
        return found

    def _chosen(self, solver: cp_model.CpSolver) -> list[int]:
        return [next(a for a, b in enumerate(row) if solver.value(b)) for row in self.choice]

    def _solved(self) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """One solve, within the effort that the solves before it have left."""
        solver = cp_model.CpSolver()
        if self.effort_left <= 0:  # without it small models would still be solved
            return solver, cp_model.UNKNOWN
        solver.parameters.num_workers = 1  # one worker and one seed: the same answer every time
        solver.parameters.random_seed = 0
        # Version 9.15 proves wrong optima with it: github.com/google/or-tools/issues/5293
        solver.parameters.presolve_inclusion_work_limit = 0
        solver.parameters.linearization_level = 2  # sums are what there is: some five times faster
        solver.parameters.max_deterministic_time = self.effort_left
        status = solver.solve(self.model)
        self.effort_left -= solver.response_proto.deterministic_time
        return solver, status


def _scale(rows: Sequence[RowToPlace]) -> int:
    """The factor that makes every amount and half-width of `rows` a whole number."""
    numbers = [n for row in rows for n in (*row.amounts, *row.half_widths)]
    return lcm(*(Fraction(n).denominator for n in numbers)) if numbers else 1
