"""The mutants of one module: cosmic-ray's operators, less the changes that cannot matter."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# cosmic-ray tries every binary operator for every other. One or two of each show whether a test looks.
BINARY = {
    "Add_Sub", "Sub_Add", "Mul_FloorDiv", "Div_Mul", "FloorDiv_Mul", "Mod_Add", "Pow_Mul", "RShift_LShift",
    "LShift_RShift", "BitOr_BitAnd", "BitAnd_BitOr", "BitXor_BitOr",
}  # fmt: skip
# The boundary next to it and the opposite.
COMPARISON = {
    "Lt_LtE", "Lt_GtE", "LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt", "Eq_NotEq", "Eq_LtE", "Eq_GtE",
    "NotEq_Eq", "NotEq_Lt", "NotEq_Gt", "Is_IsNot", "IsNot_Is",
}  # fmt: skip
UNARY = {"USub_UAdd", "Delete_Not", "Delete_USub", "Delete_Invert"}
OTHERS = {
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr", "ReplaceOrWithAnd",
    "ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ExceptionReplacer", "NumberReplacer", "RemoveDecorator",
    "ZeroIterationForLoop",
}  # fmt: skip

SPEED_ONLY = frozenset({"gc", "slots", "maxsize"})
"""Keyword arguments that change how fast a value is or how much memory it takes, and nothing that it says."""


@dataclass(frozen=True)
class Mutant:
    """One changed module: `was` and `now` are the changed lines, stripped and joined by a blank."""

    module: str
    line: int
    was: str
    now: str
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What identifies a mutant while lines move: its module and the text of the change."""
        return self.module, self.was, self.now


def wanted_operators() -> list[str]:
    """Full names of the operators in use."""
    wanted = {f"ReplaceBinaryOperator_{name}" for name in BINARY}
    wanted |= {f"ReplaceComparisonOperator_{name}" for name in COMPARISON}
    wanted |= {f"ReplaceUnaryOperator_{name}" for name in UNARY}
    return [name for name in operator_names() if name.partition("/")[2] in wanted | OTHERS]


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = get_ast(source)
    skipped = _skipped(source)
    drafts: list[tuple[int, str]] = []
    for name in wanted_operators():
        operator = get_operator(name)()
        positions = (start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(positions):
            if any(begin <= start < end for begin, end in skipped):
                continue
            try:
                mutated = mutate_code(source, operator, occurrence)
            except AttributeError:  # cosmic-ray 8.7 cannot replace an exception with a dotted name
                continue
            # cosmic-ray takes the star of a signature for an operator.
            if mutated is not None and mutated != source and _is_python(mutated):
                drafts.append((start[0], mutated))
    for line, mutated in sorted(dict.fromkeys(drafts)):
        was, now = _difference(source, mutated)
        yield Mutant(module, line, was, now, mutated)


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _skipped(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a change cannot matter: annotations, which nothing evaluates, and arguments that are about speed."""
    nodes: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef(returns=returns) | ast.AsyncFunctionDef(returns=returns):
                nodes.append(returns)
            case ast.arg(annotation=annotation) | ast.AnnAssign(annotation=annotation):
                nodes.append(annotation)
            case ast.keyword(arg=name, value=value) if name in SPEED_ONLY:
                nodes.append(value)
    return [
        # Columns of `ast` count bytes of UTF-8, parso's count characters; no line here has other letters before these.
        ((node.lineno, node.col_offset), (node.end_lineno or node.lineno, node.end_col_offset or 0))
        for node in nodes
        if node is not None
    ]


def _difference(before: str, after: str) -> tuple[str, str]:
    """The lines that differ: cosmic-ray changes one place, so everything around it is common."""
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return _squeezed(old), _squeezed(new)


def _squeezed(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())
