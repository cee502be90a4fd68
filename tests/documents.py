"""What the documentation says to type: commands and programs of README, CONTRIBUTING and docs/."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")], key=lambda path: str(path)
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
_INDENTED = re.compile(r"^    (\S.*)$", re.M)
_PROGRAMS = ("clipactor", "viewer", "clipactor_node", "make", "ros2", "mkdocs")


@dataclass(frozen=True)
class Said:
    """A command: the page it stands on, its words, without comments."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {shlex.join(self.words)}"


def blocks(page: Path, language: str) -> list[str]:
    """Fenced code of a language."""
    return [text for kind, text in _FENCE.findall(page.read_text()) if kind == language]


def commands(program: str) -> list[Said]:
    """Every time a program is called."""
    return [said for page in PAGES for said in _commands(page) if said.words[0] == program]


def _commands(page: Path) -> Iterator[Said]:
    text = page.read_text()
    fenced = [block for kind, block in _FENCE.findall(text) if kind in ("sh", "")]
    for block in (*fenced, *_INDENTED.findall(_FENCE.sub("", text))):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"\s(?:&&|&)(?=\s|$)", line):
                words = _words(part)
                if words and words[0] in _PROGRAMS:
                    yield Said(page.relative_to(ROOT).as_posix(), tuple(words))


def _words(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:  # no command: an apostrophe in a text
        return []
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    return [words[0].removeprefix(".venv/bin/"), *words[1:]] if words else []


def is_synopsis(words: tuple[str, ...]) -> bool:
    """Says what may be typed, not what is typed: [--option X], a | b, PATH..."""
    return any(word[0] in "[|" or word.endswith(("...", "]")) for word in words if word)


def slug(heading: str) -> str:
    """The anchor of a heading, as Python-Markdown makes it."""
    plain = re.sub(r"[`*]|\[([^]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())
