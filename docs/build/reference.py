"""The reference pages, made of what the code itself says; nothing of it is kept in git.

`pages(root)` gives Markdown by page name: commands (typer), messages (.msg, .srv, .action), parameters (the
nodes' tables), python (docstrings of the doors), provenance (models/registry.toml).
"""

import ast
import importlib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PARAMETERS = {
    "/clipactor/avatar": ("clipactor_node", "clipactor_node.ros.parameters.avatar_parameters"),
    "/clipactor/viewer": ("viewer", "clipactor_node.stage.viewer"),
    "/clipactor/retarget": ("retarget", "clipactor_node.ros.nodes.robot_follower"),
}
"""Node -> console script, module with its SETTINGS."""


def pages(root: Path) -> dict[str, str]:
    """Every page of the reference."""
    return {
        "commands": commands(),
        "messages": messages(root / "ros2_ws" / "src" / "clipactor_interfaces"),
        "parameters": parameters(),
        "python": python(root / "clipactor_node"),
        "provenance": provenance(root / "models" / "registry.toml"),
    }


# Commands.


def commands() -> str:
    """What `--help` says of every command, in one page."""
    from typer.main import get_command

    from clipactor_node.cli import app

    lines = ["# Commands", "", "What `clipactor COMMAND --help` says of each.", ""]
    for path, command in leaves(get_command(app), "clipactor"):
        about = " ".join((command.help or "").split())
        lines += [f"## {path}", "", about, "", f"    {usage(path, command)}", ""]
        rows = [
            (name_of(param), cell(param.help or ""), default_of(param))
            for param in command.params
            if param.name != "help"
        ]
        if rows:
            lines += ["| | | default |", "|---|---|---|"]
            lines += [f"| `{name}` | {text} | {default} |" for name, text, default in rows]
            lines.append("")
    return "\n".join(lines)


def leaves(command: Any, path: str) -> Iterator[tuple[str, Any]]:
    """(words, command) of every command that does something."""
    subs = getattr(command, "commands", None)
    if not subs:
        yield path, command
        return
    for name, sub in sorted(subs.items()):
        yield from leaves(sub, f"{path} {name}")


def usage(path: str, command: Any) -> str:
    names = [argument_of(p) for p in command.params if p.param_type_name == "argument"]
    return " ".join([path, "[OPTIONS]", *names])


def argument_of(param: Any) -> str:
    name = f"{param.name.upper()}{'...' if param.nargs != 1 else ''}"
    return name if param.required else f"[{name}]"


def name_of(param: Any) -> str:
    if param.param_type_name == "argument":
        return argument_of(param)
    return ", ".join([*param.opts, *param.secondary_opts])


def default_of(param: Any) -> str:
    if param.required:
        return "needed"
    value = param.default
    if value is None or value in ("", [], (), False) or callable(value):
        return ""
    return f"`{value}`"


def cell(text: str) -> str:
    """A text within a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


# Messages.


def messages(package: Path) -> str:
    """The interface files as they are: their comments say units, shapes and frames."""
    lines = ["# Messages, services, actions", "", "Of the package `clipactor_interfaces`.", ""]
    for folder in ("msg", "srv", "action"):
        for path in sorted((package / folder).glob(f"*.{folder}")):
            text = path.read_text().rstrip()
            lines += [f"## {path.stem} ({folder})", "", "```text", text, "```", ""]
    return "\n".join(lines)


# Parameters.


def parameters() -> str:
    """Every node's parameters: default, meaning, what is allowed."""
    lines = ["# Parameters", ""]
    for node, (script, module) in PARAMETERS.items():
        lines += [f"## {node}", "", f"    {script} --ros-args -p NAME:=VALUE", ""]
        lines += ["| parameter | default | meaning | allowed | live |", "|---|---|---|---|---|"]
        for setting in importlib.import_module(module).SETTINGS:
            default = str(setting.default).lower() if isinstance(setting.default, bool) else setting.default
            shown = '""' if default == "" else default
            lines.append(
                f"| `{setting.name}` | `{shown}` | {cell(setting.description)} | {cell(setting.expected())} "
                f"| {'yes' if setting.live else ''} |"
            )
        lines.append("")
    lines.append("Live ones may be changed at any time, the others before the node is configured.")
    return "\n".join(lines)


# Python.


def python(package: Path) -> str:
    """What the doors of the rooms hand on, with the docstrings that stand there. Nothing is imported."""
    lines = ["# From Python", "", "What each room's door hands on; other modules are nobody's business.", ""]
    for door in sorted(package.rglob("__init__.py")):
        names = [name for name in exported(door) if not name.startswith("_")]
        room = ".".join(["clipactor_node", *door.parent.relative_to(package).parts])
        if not names or door.parent == package or "cli" in door.parent.relative_to(package).parts:
            continue
        about = (ast.get_docstring(ast.parse(door.read_text())) or "").split("\n\n")[0]
        lines += [f"## {room}", "", f"{cell(about)}", ""]
        for name in sorted(names, key=str.lower):
            found = definition(package.parent, door, name)
            if found is not None:
                signature, text = found
                lines += [f"### {room.removeprefix('clipactor_node.')}.{name}", ""]
                lines += ["```python", signature, "```", ""]
                lines += ["```text", text, "```", ""] if text else []
    return "\n".join(lines)


def exported(door: Path) -> list[str]:
    """Names of `__all__`; of a door without one, nothing."""
    for node in ast.parse(door.read_text()).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return [str(value) for value in ast.literal_eval(node.value)]
    return []


def definition(root: Path, module: Path, name: str) -> tuple[str, str] | None:
    """(signature, docstring) of a name, followed through the modules that hand it on; None: a module."""
    body = ast.parse(module.read_text()).body
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return signature_of(node), ast.get_docstring(node) or ""
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(getattr(target, "id", "") == name for target in targets):
                return assigned(node), text_of(after)
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                source = root.joinpath(*node.module.split("."))
                if (alias.asname or alias.name) == name and node.module.startswith("clipactor_node"):
                    path = source / "__init__.py" if source.is_dir() else source.with_suffix(".py")
                    known = path.is_file() and path != module  # else it is a module that is handed on
                    return definition(root, path, alias.name) if known else None
    return None


def signature_of(node: ast.FunctionDef | ast.ClassDef) -> str:
    if isinstance(node, ast.FunctionDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"def {node.name}({ast.unparse(node.args)}){returns}"
    lines = [f"class {node.name}({', '.join(map(ast.unparse, node.bases))})".replace("()", "")]
    for inner in node.body:
        if isinstance(inner, ast.AnnAssign) and not ast.unparse(inner.target).startswith("_"):
            lines.append(f"    {ast.unparse(inner)}")
        elif isinstance(inner, ast.FunctionDef) and (
            inner.name == "__init__" or not inner.name.startswith("_")
        ):
            lines.append(f"    {signature_of(inner)}")
    return "\n".join(lines)


def assigned(node: ast.Assign | ast.AnnAssign) -> str:
    text = ast.unparse(node)
    return text if len(text) < 200 else f"{text[:200]} ..."


def text_of(node: ast.stmt | None) -> str:
    """The docstring that follows a constant."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""


# Provenance.


def provenance(registry: Path) -> str:
    """Every model and data file, with its licence and where it comes from."""
    lines = [
        "# Provenance and licences",
        "",
        "Code: Apache-2.0. Nothing non-commercial is needed on the default path: licensed SMPL-X files, the",
        "`smplx` package and nvdiffrast are optional. What you import keeps its own licence. Files, as",
        "`models/registry.toml` lists them:",
        "",
        "| name | kind | licence | source | MB | get it |",
        "|---|---|---|---|---|---|",
    ]
    for model in tomllib.loads(registry.read_text())["model"]:
        size = f"{model['size'] / 1e6:.1f}" if model.get("size") else ""
        fields = (model["name"], model["kind"], model["licence"], model["source"], size, model["get"])
        lines.append("| " + " | ".join(cell(str(field)) for field in fields) + " |")
    return "\n".join([*lines, ""])
