"""Which readings of doubtful figures satisfy the equations they stand in.

A figure has one reading or several, the one as read first. The equations are the identities of
seeds/identities over the figures of one document. Wanted is the choice that leaves as few
equations broken as possible and changes as few figures; a change counts only if it is the same
in all such choices, mends every equation that it touches, and has as many equations for it as
figures are changed together: two changes always settle one sum, so one sum cannot prove two.

The solver's effort is bounded and counted in its own deterministic time: every machine gives the
same answer, and what is not proved when it is used up stays as read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ortools.sat.python import cp_model

from flows.extract.tables.amounts import FINEST, is_modest

_EFFORT_AT_MOST = 2.0  # deterministic time, about seconds, for all of a document

Choice = Mapping[int, int]  # figure → number of its reading; figures left out are as read


@dataclass(frozen=True)
class Reading:
    """What a picture of a figure may say: the text, its amount and its half-width in 元. Odd is a
    number that is not printed as the others of its table are."""

    text: str
    amount: Decimal
    half_width: Decimal
    is_odd: bool = False


@dataclass(frozen=True)
class Equation:
    """The total less its parts is nothing (equals), or not negative (at_least), or: the one figure
    is not odd (not_odd). `terms` are (weight, figure), totals with their weight and parts with its
    opposite."""

    name: str
    comparison: str  # equals | at_least | not_odd
    is_same_fact: bool
    terms: tuple[tuple[int, int], ...]

    @property
    def figures(self) -> tuple[int, ...]:
        return tuple(figure for _, figure in self.terms)

    @property
    def proves(self) -> bool:
        """Whether a wrong figure would break it; the other comparisons let most of them pass."""
        return self.comparison == "equals"


class Puzzle:
    """The equations of a document and the readings of its figures, numbered from 0."""

    def __init__(self, equations: Sequence[Equation], readings: Sequence[Sequence[Reading]]) -> None:
        self.equations = equations
        self.readings = readings
        self.equations_of: dict[int, list[Equation]] = defaultdict(list)
        for equation in equations:
            for figure in dict.fromkeys(equation.figures):
                self.equations_of[figure].append(equation)

    def is_doubtful(self, equation: Equation) -> bool:
        """Whether a figure of it has several readings."""
        return any(len(self.readings[figure]) > 1 for figure in equation.figures)

    def demands_equality(self, equation: Equation) -> bool:
        """One fact printed twice to the same decimals is the same figure. Some offices print it a
        unit apart all the same; where no reading is in doubt, that is not for proofreading to say."""
        if not equation.is_same_fact or self.truncates:
            return False
        halves = {self.readings[figure][0].half_width for figure in equation.figures}
        return len(halves) == 1 and self.is_doubtful(equation)

    def holds(self, equation: Equation, choice: Choice) -> bool:
        """Whether the chosen readings satisfy it, with the rounding of the print understood."""
        terms = [(w, self.readings[f][choice.get(f, 0)]) for w, f in equation.terms]
        if equation.comparison == "not_odd":
            return not any(reading.is_odd for _, reading in terms)
        difference, tolerance = _difference(terms), _tolerance(terms)
        if equation.comparison == "at_least":
            return difference >= -tolerance
        if self.demands_equality(equation) and len({r.half_width for _, r in terms}) == 1:
            return difference == 0
        return abs(difference) <= tolerance or (self.truncates and _is_cut(terms))

    def broken(self, choice: Choice) -> list[Equation]:
        return [equation for equation in self.equations if not self.holds(equation, choice)]

    @cached_property
    def truncates(self) -> bool:
        """Whether the office cuts amounts off instead of rounding them: a sum without doubtful
        figures shows it, and none speaks against it."""
        shows = False
        for equation in self.equations:
            if not equation.proves or self.is_doubtful(equation):
                continue
            terms = [(w, self.readings[f][0]) for w, f in equation.terms]
            is_cut, is_rounded = _is_cut(terms), abs(_difference(terms)) <= _tolerance(terms)
            if is_rounded and not is_cut and _difference(terms):
                return False
            shows = shows or (is_cut and not is_rounded)
        return shows


def likeliest(puzzle: Puzzle) -> dict[int, int]:
    """The changes that the equations prove: figure → number of its reading, never 0."""
    changes: dict[int, int] = {}
    effort = _EFFORT_AT_MOST
    for equations in _knots(puzzle):
        model = _Model(puzzle, equations, effort)
        changes |= _proved(puzzle, model.sole_changes())
        effort = model.effort_left
    return changes


def _knots(puzzle: Puzzle) -> list[list[Equation]]:
    """The broken equations with all equations that their doubtful figures tie to them, in groups
    that have no doubtful figure in common."""
    knots: list[list[Equation]] = []
    seen: set[Equation] = set()
    for broken in puzzle.broken({}):
        if broken in seen or not puzzle.is_doubtful(broken):
            continue
        knot = [broken]
        seen.add(broken)
        for equation in knot:  # grows while it is read
            for figure in equation.figures:
                if len(puzzle.readings[figure]) > 1:
                    new = [e for e in puzzle.equations_of[figure] if e not in seen]
                    knot += new
                    seen.update(new)
        knots.append(knot)
    return knots


def _proved(puzzle: Puzzle, changes: Choice) -> dict[int, int]:
    """Of `changes` those that have proof enough, together with the changes they depend on."""
    proved: dict[int, int] = {}
    left = set(changes)
    while left:
        together = [min(left)]
        for figure in together:  # grows while it is read
            left.discard(figure)
            tied = {f for e in puzzle.equations_of[figure] for f in e.figures}
            together += sorted(tied & left)
            left -= tied
        equations = {e for figure in together for e in puzzle.equations_of[figure]}
        has_proof = sum(e.proves for e in equations) >= len(together)
        if has_proof and all(puzzle.holds(e, changes) for e in equations):
            proved |= {figure: changes[figure] for figure in together}
    return proved


class _Model:
    """The constraint model: a Boolean for each reading of a doubtful figure, one for each equation
    that says it is broken. The model's tolerances are never narrower than the exact ones."""

    def __init__(self, puzzle: Puzzle, equations: Sequence[Equation], effort: float) -> None:
        self.puzzle = puzzle
        self.effort_left = effort
        self.model = cp_model.CpModel()
        doubtful = sorted({f for e in equations for f in e.figures if len(puzzle.readings[f]) > 1})
        self.is_read: dict[int, list[cp_model.IntVar]] = {}
        for figure in doubtful:
            choices = [self.model.new_bool_var(f"f{figure}r{n}") for n in range(len(puzzle.readings[figure]))]
            self.model.add_exactly_one(choices)
            self.is_read[figure] = choices
        broken = [self._add(n, equation) for n, equation in enumerate(equations) if self._is_modest(equation)]
        changed = [choice for choices in self.is_read.values() for choice in choices[1:]]
        self.cost = (len(doubtful) + 1) * sum(broken) + sum(changed)

    def _is_modest(self, equation: Equation) -> bool:
        readings = [r for figure in equation.figures for r in self.puzzle.readings[figure]]
        return all(is_modest(r.amount, r.half_width) for r in readings)

    def _add(self, n: int, equation: Equation) -> cp_model.IntVar:
        broken = self.model.new_bool_var(f"broken {n}")
        if equation.comparison == "not_odd":
            (figure,) = equation.figures
            odd = [choice for choice, r in self._choices(figure) if r.is_odd]
            self.model.add(sum(odd) == broken)
            return broken
        is_exact = self.puzzle.demands_equality(equation)
        width = 2 if self.puzzle.truncates else 1
        common = self.puzzle.readings[equation.figures[0]][0].half_width
        difference, tolerance, reach = [], [], 0
        for weight, figure in equation.terms:
            sizes = []
            for choice, reading in self._choices(figure):
                amount, half = (
                    weight * _whole(reading.amount),
                    width * abs(weight) * _whole(reading.half_width),
                )
                if is_exact:
                    half = 0 if reading.half_width == common else _whole(reading.half_width + common)
                difference.append(amount * choice)
                tolerance.append(half * choice)
                sizes.append(abs(amount) + half)
            reach += max(sizes)
        self.model.add(sum(difference) + sum(tolerance) + reach * broken >= 0)
        if equation.comparison == "equals":
            self.model.add(sum(difference) - sum(tolerance) - reach * broken <= 0)
        return broken

    def _choices(self, figure: int) -> list[tuple[cp_model.IntVar | int, Reading]]:
        """The readings of a figure, each with its Boolean; the only one of a figure is a given."""
        return list(zip(self.is_read.get(figure, [1]), self.puzzle.readings[figure], strict=True))

    def sole_changes(self) -> dict[int, int]:
        """The changes that all of the best choices make; none where the effort was used up."""
        self.model.minimize(self.cost)
        chosen = self._solved()
        if chosen is None:
            return {}
        changes = {figure: n for figure, n in chosen.items() if n}
        self.model.clear_objective()
        self.model.add(self.cost <= round(self.best))
        while changes:
            self.model.add_bool_or([self.is_read[f][n].negated() for f, n in changes.items()])
            other = self._solved()
            if other is None:
                return changes if self.status == cp_model.INFEASIBLE else {}
            changes = {f: n for f, n in changes.items() if other[f] == n}
        return {}

    def _solved(self) -> dict[int, int] | None:
        """One solve within the effort that is left: the reading of each figure, None without one."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1  # one worker and one seed: the same answer every time
        solver.parameters.random_seed = 0
        # Version 9.15 proves wrong optima with it: github.com/google/or-tools/issues/5293
        solver.parameters.presolve_inclusion_work_limit = 0
        solver.parameters.linearization_level = 2  # sums are what there is
        solver.parameters.max_deterministic_time = max(0.0, self.effort_left)
        self.status = solver.solve(self.model)
        self.effort_left -= solver.response_proto.deterministic_time
        has_best = self.status == cp_model.OPTIMAL or (
            self.status == cp_model.FEASIBLE and not self.model.has_objective()
        )
        if not has_best:
            return None
        if self.model.has_objective():
            self.best = solver.objective_value
        return {
            figure: next(n for n, choice in enumerate(choices) if solver.value(choice))
            for figure, choices in self.is_read.items()
        }


def _whole(amount: Decimal) -> int:
    """A modest amount counted in units of FINEST."""
    return int(amount / FINEST)


_Terms = Iterable[tuple[int, Reading]]


def _difference(terms: _Terms) -> Decimal:
    return sum((weight * reading.amount for weight, reading in terms), Decimal(0))


def _tolerance(terms: _Terms) -> Decimal:
    return sum((abs(weight) * reading.half_width for weight, reading in terms), Decimal(0))


def _is_cut(terms: _Terms) -> bool:
    """Whether amounts cut off instead of rounded explain the difference: each stands for up to a
    whole unit of its last digit more, away from zero."""
    up = down = Decimal(0)
    for weight, reading in terms:
        moves = -weight * reading.amount
        cut = 2 * abs(weight) * reading.half_width
        up, down = up + cut * (moves > 0), down + cut * (moves < 0)
    return -down < _difference(terms) < up
