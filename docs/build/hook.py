"""What MkDocs calls while it builds the site: adds the reference, and pages that the tree forgets.

Links to files beside docs/ go to copies in the site, so that the same Markdown is right where it lies, too.
"""

import re
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))
import reference  # noqa: E402

OUTSIDE = re.compile(r"\]\((?:\.\./)+((?:models|examples|launch)/[^)#]+)\)")
MORE = "More"


def on_config(config: Any) -> Any:
    """Pages that nav does not name are put at its end: none is lost, and each new one is seen."""
    listed = set(_named(config["nav"]))
    docs = Path(config["docs_dir"])
    pages = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    rest = sorted(page for page in pages - listed if not page.startswith("build/"))
    if rest:
        config["nav"].append({MORE: rest})
    return config


def on_files(files: Files, config: Any) -> Files:
    """The reference, and the files outside docs/ that pages show."""
    for name, text in reference.pages(ROOT).items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    linked = set()
    for path in Path(config["docs_dir"]).rglob("*.md"):
        linked |= set(OUTSIDE.findall(path.read_text()))
    for name in sorted(linked):
        if (ROOT / name).is_file():  # else MkDocs says that the link leads nowhere
            files.append(File.generated(config, name, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """../models/x as seen from docs/ is models/x in the site."""
    up = "../" * page.file.src_uri.count("/")
    return OUTSIDE.sub(lambda found: f"]({up}{found[1]})", markdown)


def _named(nav: Any) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    return [name for part in parts for name in _named(part)]
