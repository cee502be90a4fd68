"""What a library does not have: actions that people ask for and none of its labels says."""

from pathlib import Path

import numpy as np

from clipactor_node.language import Layer, is_opposite, is_same_action, normal_form
from clipactor_node.retrieval.vectors import Progress, VectorFile
from clipactor_node.retrieval.wording import MOST, first_layer, fit
from clipactor_node.text import Encoder

SAME = 0.9
"""A label as near as that to an action says the same."""

SAME_VERB = 0.85
"""Or as near as that, if it is done alike."""

OTHER_VERB = 0.1
"""What it costs a missing action to be another one than the verb of the command says."""

_COMPARED = 8
_FILE = Path(__file__).with_name("actions.txt")


def known_actions() -> list[str]:
    """The actions of `actions.txt`, and sentences that ask for none."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class MissingActions:
    """The known actions that no label of a library says: what a command may mean instead.

    Args:
        texts: of the labels.
        vectors: (L, D) float32 unit vectors of them.
        encoder: which made the vectors, and makes those of the actions, once.
        progress: told (done, of how many) while they are encoded.
    """

    def __init__(
        self, texts: list[str], vectors: np.ndarray, encoder: Encoder, progress: Progress | None = None
    ) -> None:
        actions = known_actions()
        encoded = np.asarray(VectorFile(encoder, actions).load(progress))
        said = {normal_form(text) for text in texts}
        cosines = encoded @ np.asarray(vectors).T
        kept = [
            row
            for row, action in enumerate(actions)
            if normal_form(action) not in said and not _is_said(action, texts, cosines[row])
        ]
        self.texts = [actions[row] for row in kept]
        self._names = {normal_form(text) for text in self.texts}
        self._vectors = encoded[kept]

    def says(self, text: str) -> bool:
        """Whether one of them has the normal form of a text."""
        return normal_form(text) in self._names

    def nearest(self, query: np.ndarray, layer: Layer) -> tuple[str, float]:
        """The missing action that is most like a command, and its score: cosine with (D,) and wording.

        ("", -1) where nothing is missing.
        """
        cosines = self._vectors @ query
        best = np.argsort(-cosines, kind="stable")[:_COMPARED]
        scored = [(float(cosines[i]) + self._wording(layer, self.texts[i]), self.texts[i]) for i in best]
        score, text = max(scored, default=(-1.0, ""))
        return text, score

    @staticmethod
    def _wording(layer: Layer, text: str) -> float:
        """What the words say for a missing action: one of another verb is not what is meant."""
        action = first_layer(text)
        return fit(layer, action) - (OTHER_VERB if is_same_action(layer, action) is False else 0.0)


def _is_said(action: str, texts: list[str], cosines: np.ndarray) -> bool:
    likely = [i for i in np.argsort(-cosines, kind="stable")[:_COMPARED] if cosines[i] + MOST >= SAME_VERB]
    if not likely:  # reading every label would take two seconds of each start
        return False
    asked = first_layer(action)
    for i in likely:
        label = first_layer(texts[i])
        value = float(cosines[i]) + fit(asked, label)
        alike = is_same_action(asked, label) is True and not is_opposite(action, texts[i])
        if value >= (SAME_VERB if alike else SAME):
            return True
    return False
