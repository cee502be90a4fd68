"""`clipactor eval prompts`: how many commands of a table become the plans that are right for them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.errors import ClipActorError, PromptError
from clipactor_node.language import Prompt, parse, spaced, tokens, translated

if TYPE_CHECKING:  # every command reads the options of this one, and shall not wait for numba
    from clipactor_node.retrieval import Plan, PlannedLayer, Retriever

REFUSED, DOUBT, NO_ACTION = "!", "?", "-"


@dataclass(frozen=True)
class Row:
    """One command and what is right for it; the header of the table says how it is written.

    Attributes:
        kind: which sort of difficulty it is an example of.
        command: as typed; a written backslash n is a line feed.
        plan: clips, marks, doubts.
        clothes: what must be understood of looks; "": nothing may be, "*": not judged.
    """

    kind: str
    command: str
    plan: str
    clothes: str


@dataclass(frozen=True)
class Answer:
    """What became of a command.

    Attributes:
        prompt: taken apart; None: it was refused before.
        plan: the clips; empty where it was refused.
        refusal: why; "": it was not.
    """

    prompt: Prompt | None
    plan: "Plan"
    refusal: str = ""


def read_table(path: Path) -> list[Row]:
    """The rows of a table of commands.

    Raises:
        ClipActorError: it cannot be read, or a line does not have four cells.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ClipActorError(f"{path} is no table of commands ({error}); give a text file") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in f"{line} ".split(" | ")]
        if len(cells) != 4:
            raise ClipActorError(
                f"{path}, line {number}: {len(cells)} cells, not the four 'kind | command | plan | clothes'"
            )
        rows.append(Row(cells[0], cells[1].replace("\\n", "\n"), cells[2], cells[3]))
    return rows


def answer(retriever: "Retriever", command: str) -> Answer:
    """The plan of a command, or why there is none."""
    from clipactor_node.retrieval import Plan, plan_prompt

    prompt = None
    try:
        prompt = parse(command)
        return Answer(prompt, plan_prompt(retriever, prompt))
    except PromptError as error:
        return Answer(prompt, Plan(), str(error))


def fault(retriever: "Retriever", row: Row, given: Answer) -> str:
    """What is wrong with an answer, in words; "": nothing."""
    if row.plan.startswith("="):
        control = given.prompt.control if given.prompt else ""
        return "" if f"={control}" == row.plan else f"control word {control!r}"
    return _plan_fault(retriever, row.plan, given) or _clothes_fault(
        row.clothes, given.prompt, bool(given.refusal)
    )


def shown(retriever: "Retriever", given: Answer) -> str:
    """An answer as the table would write it."""
    if given.refusal:
        return REFUSED
    if given.prompt is not None and given.prompt.control:
        return f"={given.prompt.control}"
    steps = (" + ".join(_written(retriever, layer) for layer in step) for step in given.plan.steps)
    return " > ".join(steps) or NO_ACTION


def _plan_fault(retriever: "Retriever", plan: str, given: Answer) -> str:
    if plan == REFUSED or given.refusal:
        allowed = plan == REFUSED or DOUBT in plan.split(":")[0].split("/")
        return "" if given.refusal and allowed else given.refusal or "was not refused"
    wanted = [] if plan == NO_ACTION else [step.split(" + ") for step in plan.split(" > ")]
    if [len(step) for step in wanted] != [len(step) for step in given.plan.steps]:
        return "another number of steps or layers"
    pairs = zip((layer for step in wanted for layer in step), given.plan.layers, strict=True)
    return next((why for text, planned in pairs if (why := _layer_fault(retriever, text, planned))), "")


def _layer_fault(retriever: "Retriever", wanted: str, planned: "PlannedLayer") -> str:
    names, _, marks = wanted.partition(":")
    clips, layer = names.split("/"), planned.layer
    if DOUBT in clips and _is_doubtful(retriever, planned):
        return ""
    if planned.match.clip not in clips:
        return "another clip"
    given = {mark for mark in marks.split(",") if mark}
    for mark in given:
        if mark[0] == "x" and layer.repeat != int(mark[1:]):
            return f"{layer.repeat} times"
        if re.fullmatch(r"\d+s", mark) and layer.duration_s != float(mark[:-1]):
            return f"for {layer.duration_s:g} s"
    if not any(mark[0] == "x" for mark in given) and layer.repeat > 1:
        return f"{layer.repeat} times"
    if {"slow": -1, "fast": 1}.get((given & {"slow", "fast"} or {""}).pop(), 0) != _sign(layer.speed):
        return f"{layer.speed:g} x speed"
    sides = given & {"left", "right"}
    return "the other side" if sides and _side(retriever, planned) not in sides else ""


def _clothes_fault(wanted: str, prompt: Prompt | None, refused: bool) -> str:
    if wanted == "*" or prompt is None or refused:
        return ""
    worn = prompt.appearance.lower()
    words = f"{worn} {' '.join(translated(tokens(spaced(worn))))}"
    if wanted:
        return "" if wanted.lower() in words else f"looks: {worn!r}"
    return f"looks: {worn!r}" if worn else ""


def _is_doubtful(retriever: "Retriever", planned: "PlannedLayer") -> bool:
    return planned.match.confidence < retriever.threshold


def _side(retriever: "Retriever", planned: "PlannedLayer") -> str:
    """Which side acts in what is performed."""
    legs = planned.match.clip in ("kick", "spinkick", "lunge", "balance")
    own = retriever.acting_side(planned.match, "leg" if legs else "arm")
    return {"left": "right", "right": "left"}.get(own, "") if planned.mirror else own


def _written(retriever: "Retriever", planned: "PlannedLayer") -> str:
    layer = planned.layer
    speed = {-1: "slow", 0: "", 1: "fast"}[_sign(layer.speed)]
    marks = [
        f"x{layer.repeat}" if layer.repeat else "",
        _side(retriever, planned) if layer.side else "",
        speed,
        f"{layer.duration_s:g}s" if layer.duration_s else "",
    ]
    doubt = DOUBT if _is_doubtful(retriever, planned) else ""
    marked = ",".join(mark for mark in marks if mark)
    return f"{planned.match.clip}{doubt}{':' if marked else ''}{marked}"


def _sign(speed: float) -> int:
    return (speed > 1.0) - (speed < 1.0)


def judged(retriever: "Retriever", rows: list[Row]) -> Iterator[tuple[Row, Answer, str]]:
    """Every row with its answer and what is wrong with it."""
    for row in rows:
        given = answer(retriever, row.command)
        yield row, given, fault(retriever, row, given)


def shares(results: "list[tuple[Row, str]]") -> dict[str, float]:
    """Percent right for each kind, and for "all"."""
    from collections import Counter

    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row, why in results:
        for kind in (row.kind, "all"):
            total[kind] += 1
            right[kind] += not why
    return {kind: 100.0 * right[kind] / count for kind, count in total.items()}


def prompts(
    table: Annotated[Path, typer.Argument(help="A table of commands: kind | command | plan | clothes.")],
    profile: Annotated[str, typer.Option(help="offline (MiniLM, MPNet) or paper (CLIP, MPNet).")] = "offline",
    as_json: Annotated[bool, typer.Option("--json", help="Print one flat object.")] = False,
) -> None:
    """The share of the commands in TABLE whose plans are right, by kind, and every one that is not."""
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import open_retriever

    rows = read_table(table)
    if not rows:
        raise ClipActorError(f"{table} holds no command; write lines 'kind | command | plan | clothes'")
    retriever, notes = open_retriever(open_library(), profile)
    results = []
    for row, given, why in judged(retriever, rows):
        results.append((row, why))
        if why and not as_json:
            got = shown(retriever, given)
            typer.echo(f"wrong: {row.kind}: {row.command!r} -> {got}, right is {row.plan} ({why})")
    found = shares(results)
    if as_json:
        typer.echo(json.dumps({f"prompts_{kind}": share for kind, share in found.items()}))
        return
    for kind, share in found.items():
        typer.echo(f"{share:6.1f} %  {kind} ({sum(row.kind == kind or kind == 'all' for row, _ in results)})")
    typer.echo(f"stages: {' -> '.join(retriever.stages)}")
    for note in notes:
        typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)
