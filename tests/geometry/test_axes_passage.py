"""Axes are swapped in `geometry/axes.py` alone: read from the code of every other file."""

import ast
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "clipactor_node"
PASSAGE = PACKAGE / "geometry" / "axes.py"
SWAPS = set(permutations(range(3))) - {(0, 1, 2)}
AXES = "xyz"


def constant(node: ast.expr) -> int | None:
    """The whole number that is written there, with its sign."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = constant(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == int(node.value):
        return int(node.value)
    return None


def elements(node: ast.AST) -> list[ast.expr] | None:
    return node.elts if isinstance(node, ast.List | ast.Tuple) else None


def numbers(node: ast.AST) -> tuple[int | None, ...]:
    return tuple(constant(element) for element in elements(node) or ())


def without_sign(node: ast.expr) -> ast.expr:
    return node.operand if isinstance(node, ast.UnaryOp) else node


def letter(node: ast.expr) -> str | None:
    """The axis that a name or a field is called after: `x`, `-y`, `response.z`."""
    node = without_sign(node)
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name if name in AXES and name else None


def component(node: ast.expr) -> tuple[str, list[ast.expr]] | None:
    """Of `points[..., 2]`: what it is taken from, and the indices; without the 3 of a transform's place."""
    node = without_sign(node)
    if not isinstance(node, ast.Subscript):
        return None
    index = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return ast.unparse(node.value), index[:-1] if constant(index[-1]) == 3 else index


def is_axis_matrix(node: ast.AST) -> bool:
    """Three rows of one 1 or -1 each, not all of them on the diagonal."""
    rows = [numbers(row) for row in elements(node) or ()]
    if len(rows) != 3 or any(len(row) != 3 or None in row for row in rows):
        return False
    places = [[i for i, value in enumerate(row) if value] for row in rows]
    units = all(len(place) == 1 and abs(row[place[0]]) == 1 for place, row in zip(places, rows, strict=True))
    return units and tuple(place[0] for place in places) in SWAPS


def swaps_letters(node: ast.AST) -> bool:
    """`[z, x, ground]`, `y, x = place`, `(x, z, -y)`: axes by name, out of their order."""
    found = [letter(element) for element in elements(node) or ()]
    order = [AXES.index(name) for name in found if name]
    return len(found) in (2, 3) and len(order) >= 2 and order != sorted(order)


def swaps_components(node: ast.AST) -> bool:
    """`[p[2], p[0], p[1]]`, or two of them: components of one thing, out of their order."""
    found = [component(element) for element in elements(node) or ()]
    if len(found) not in (2, 3) or None in found or len({(base, len(index)) for base, index in found}) != 1:
        return False
    *before, last = zip(*(index for _, index in found), strict=True)
    order = [constant(index) for index in last]
    same = all(len({ast.unparse(index) for index in column}) == 1 for column in before)
    return same and None not in order and all(0 <= n < 3 for n in order) and order != sorted(order)


def is_kernel(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any("njit" in ast.unparse(decorator) for decorator in decorators)


def swaps(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of everything that swaps axes."""
    nested = {id(row) for node in ast.walk(tree) for row in elements(node) or () if elements(row)}
    for node in ast.walk(tree):
        rolls = isinstance(node, ast.Call) and ast.unparse(node.func) == "np.roll"
        if (
            numbers(node) in SWAPS
            or is_axis_matrix(node)
            or (id(node) not in nested and (swaps_letters(node) or swaps_components(node)))
            or (rolls and "axis=-1" in ast.unparse(node))
        ):
            yield node.lineno, ast.unparse(node)
        if is_kernel(node):
            turned = [n for n in ast.walk(node) if isinstance(n, ast.BinOp) and isinstance(n.op, ast.Mod)]
            yield from ((n.lineno, ast.unparse(n)) for n in turned if constant(n.right) == 3)


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(PACKAGE.rglob("*.py")) if path != PASSAGE],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_axes_are_swapped_in_the_passage_alone(path):
    found = [f"{path}:{line}: {text}" for line, text in swaps(ast.parse(path.read_text()))]
    assert not found, "use a function of geometry/axes.py instead of\n" + "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        "points[..., [2, 0, 1]]",
        "frame.position[[1, 2, 0]]",
        "_ORDER = (0, 2, 1)",
        "_Z_UP = np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]], np.float64)",
        "position = np.array([z, x, ground])",
        "y, x = place.position",
        "response.y, response.x = place.position.tolist()",
        "Place(np.array([y, x]))",
        "np.stack([p[..., 0], p[..., 2], -p[..., 1]], -1)",
        "here[0, 0], here[0, 1] = there[0, 2, 3], there[0, 0, 3]",
        "np.array([pelvis[2], pelvis[0]])",
        "np.roll(points, 1, axis=-1)",
        "@numba.njit\ndef kernel(m):\n    for i in range(3):\n        m[(i + 2) % 3] += 1",
    ],
)
def test_a_swap_by_hand_is_found(code):
    assert list(swaps(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "x, y, z = points.T",
        "floor = points[:, [0, 2]]",
        "edges = faces[:, [[0, 1], [1, 2], [2, 0]]]",
        "mirrored = points * [-1, 1, 1]",
        "cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])",
        "blocks = blocks.transpose(0, 2, 1, 3)",
        "identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]",
        "ways = (ankles[1, side], ankles[0, side])",
    ],
)
def test_what_swaps_nothing_is_left_alone(code):
    assert not list(swaps(ast.parse(code)))
