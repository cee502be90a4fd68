"""`clipactor find`: which clips answer a text, and what would be performed."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from clipactor_node.cli.waiting import loading

if TYPE_CHECKING:  # heavy rooms: a command imports them when it runs
    from clipactor_node.language import Prompt
    from clipactor_node.retrieval import Answer, Match, Plan, PlannedLayer

_Json = dict[str, object]


def find(
    text: Annotated[str, typer.Argument(help="What the avatar should do, in plain words.")],
    top: Annotated[int, typer.Option(min=1, help="How many labels to show.")] = 5,
    profile: Annotated[
        str,
        typer.Option(help="offline (MiniLM, MPNet), paper (CLIP, MPNet), motion (and what clips show)."),
    ] = "offline",
    min_confidence: Annotated[
        float, typer.Option(min=0, max=1, help="Commands that are less sure than this are refused.")
    ] = 0.3,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the labels of the library that fit TEXT, best first, and the plan that would be performed."""
    from clipactor_node.errors import PromptError
    from clipactor_node.language import parse
    from clipactor_node.motion import open_library
    from clipactor_node.retrieval import Plan, open_retriever, plan_prompt

    prompt = parse(text)
    with loading("the clips and the text encoder"):
        retriever, notes = open_retriever(open_library(), profile, min_confidence)
    answer = retriever.search(prompt, top)
    try:
        plan = plan_prompt(retriever, prompt)
    except PromptError as error:
        plan = Plan(warnings=(f"refused: {error}",))
    warnings = list(dict.fromkeys((*answer.warnings, *plan.warnings)))
    if as_json:
        typer.echo(json.dumps(_as_json(prompt, answer, plan, warnings, notes), ensure_ascii=False))
        return
    for match in answer.matches:
        choice = f", 1 of {match.alternatives}" if match.alternatives > 1 else ""
        typer.echo(f"{match.score:6.3f}  {match.confidence:4.0%}  {match.label}  ({match.clip}{choice})")
    typer.echo(f"control word: {prompt.control}" if prompt.control else "plan:")
    for line in plan.lines:
        typer.echo(f"  {line}")
    if prompt.appearance:
        typer.echo(f"looks: {prompt.appearance}")
    spent = ", ".join(f"{stage} {1000 * seconds:.1f} ms" for stage, seconds in answer.timings_s.items())
    typer.echo(f"stages: {' -> '.join(answer.stages)} ({spent})")
    for note in notes:
        typer.echo(f"note: {note}", err=True)
    for warning in warnings:
        typer.secho(f"warning: {warning}", fg=typer.colors.YELLOW, err=True)


def _as_json(
    prompt: "Prompt", answer: "Answer", plan: "Plan", warnings: list[str], notes: tuple[str, ...]
) -> _Json:
    return {
        "query": prompt.raw,
        "results": [_match(match) for match in answer.matches],
        "control": prompt.control,
        "actions": prompt.actions,
        "subject": prompt.subject,
        "clothes": prompt.clothes,
        "plan": [[_layer(planned) for planned in step] for step in plan.steps],
        "stages": answer.stages,
        "timings_ms": {stage: round(1000 * seconds, 3) for stage, seconds in answer.timings_s.items()},
        "warnings": warnings,
        "notes": notes,
    }


def _match(match: "Match") -> _Json:
    return {
        "label": match.label,
        "clip": match.clip,
        "score": round(match.score, 4),
        "confidence": round(match.confidence, 4),
        "first_score": round(match.first_score, 4),
        "second_score": None if match.second_score is None else round(match.second_score, 4),
        "start_s": round(match.start_s, 3),
        "end_s": round(match.end_s, 3),
        "alternatives": match.alternatives,
    }


def _layer(planned: "PlannedLayer") -> _Json:
    layer = planned.layer
    return {
        "action": layer.text,
        "label": planned.match.label,
        "clip": planned.match.clip,
        "pose": planned.pose and {"title": planned.pose.title, "why": planned.pose.why},
        "score": round(planned.match.score, 4),
        "mirror": planned.mirror,
        "speed": layer.speed,
        "repeat": layer.repeat,
        "duration_s": layer.duration_s,
    }
