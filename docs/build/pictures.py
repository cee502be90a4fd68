"""The pictures of the docs, and what each is made of (docs/pictures/pictures.toml).

python docs/build/pictures.py            make again what is older than its inputs
python docs/build/pictures.py NAME...    make these
python docs/build/pictures.py --seal     only write down the inputs as they are: pictures were looked at
"""

import hashlib
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
TABLE = FOLDER / "pictures.toml"


@dataclass(frozen=True)
class Picture:
    """Of the table.

    Fields:
        command: makes it; {out} stands for its file; "": by hand.
        of: patterns of files it depends on. inputs: their hash when it was made.
    """

    name: str
    command: str
    of: tuple[str, ...]
    inputs: str

    @property
    def present_inputs(self) -> str:
        """Hash of the files it depends on, as they are now."""
        files = sorted({path for pattern in self.of for path in ROOT.glob(pattern) if path.is_file()})
        digest = hashlib.sha256(self.command.encode())
        for path in files:
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()[:16]


def pictures() -> dict[str, Picture]:
    """All of them, by file name."""
    rows = tomllib.loads(TABLE.read_text())
    return {
        name: Picture(name, row.get("command", ""), tuple(row["of"]), row.get("inputs", ""))
        for name, row in rows.items()
    }


def make(picture: Picture) -> None:
    """Run its command, with the environment that runs this."""
    words = [word.format(out=FOLDER / picture.name) for word in shlex.split(picture.command)]
    subprocess.run([str(Path(sys.executable).with_name(words[0])), *words[1:]], check=True, cwd=ROOT)


def seal(picture: Picture) -> None:
    """Write down what it is made of now."""
    section = rf'(^\["{re.escape(picture.name)}"\]\n(?:(?!\[).*\n)*?inputs = ")[0-9a-f]*'
    text = re.sub(section, rf"\g<1>{picture.present_inputs}", TABLE.read_text(), flags=re.M)
    TABLE.write_text(text)


def main(arguments: list[str]) -> None:
    known = pictures()
    if arguments == ["--seal"]:
        for picture in known.values():
            seal(picture)
        return
    wrong = sorted(set(arguments) - set(known))
    if wrong:
        sys.exit(f"{', '.join(wrong)}: not in {TABLE}; there are: {', '.join(known)}")
    old = [picture for picture in known.values() if picture.inputs != picture.present_inputs]
    for picture in [known[name] for name in arguments] or old:
        if not picture.command:
            print(f"{picture.name}: to be made by hand; then: python docs/build/pictures.py --seal")
            continue
        print(f"{picture.name}: {picture.command}", flush=True)
        make(picture)
        seal(picture)


if __name__ == "__main__":
    main(sys.argv[1:])
