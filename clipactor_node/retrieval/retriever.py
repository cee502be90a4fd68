"""Text -> labels -> clips, in one or two stages."""

import heapq
import logging
import math
import time
from collections import Counter
from typing import Protocol, runtime_checkable

import numpy as np

from clipactor_node.language import Layer, Prompt, as_prompt, label_layers, query_sentences
from clipactor_node.motion import acting_side
from clipactor_node.retrieval.actions import MissingActions
from clipactor_node.retrieval.calibration import calibrate
from clipactor_node.retrieval.index import Described, LabelIndex, Labels, Loadable, labels_and_captions
from clipactor_node.retrieval.motion_signal import LOOKED_AT, MotionSignal
from clipactor_node.retrieval.plan import STILL, Answer, Match, Plan
from clipactor_node.retrieval.vectors import Progress, VectorFile, label_vectors, mean_vectors
from clipactor_node.retrieval.wording import choose, fitness, likeness, moving_side
from clipactor_node.text import Encoder

log = logging.getLogger(__name__)

SHORTLIST = 20
"""How many labels the second stage ranks again. The paper's top-k; its authors' code takes 3."""

_NEVER_CUT = 60  # characters; every encoder reads more tokens than that
_REMEMBERED = 256

EXCLUDED = 0.5
"""What it costs a clip to do what was excluded: "turn left without walking"."""

_NEARER = 0.04
"""How much nearer than every missing action, in units of cosine, a label must be to be 73 % sure."""

PREPARED_LIMIT = 20_000
"""Up to so many labels get their second-stage vectors beforehand; beyond, when they are shortlisted."""


@runtime_checkable
class Limited(Protocol):
    """An encoder that reads so many tokens and no more."""

    id: str

    def is_cut(self, text: str) -> bool: ...


class Retriever:
    """Finds the clips that answer a text (CLIP-Actor, section 4).

    The first encoder finds the `shortlist` nearest labels (Eq. 1), the second picks among them
    (Eq. 2). What vectors blur is settled by words: left and right, forward and backward, fast and slow.

    Args:
        library: its labels are encoded once and kept on disk.
        encoder: of the first stage.
        second: of the second stage; None: the first decides alone.
        shortlist: see `SHORTLIST`.
        threshold: a confidence below is doubtful, and said.
        min_confidence: a confidence below is not performed; 0: everything is.
        idle_in_doubt: a plan stands still rather than perform a doubtful match.
        seed: same seed, same library, same commands: same clips.
        variety: see `wording.choose`.
        motion: the third signal; None: labels alone decide.
        progress: told (done, of how many) while labels are encoded.

    Raises:
        LibraryError: the library has no labels.
    """

    def __init__(
        self,
        library: Labels,
        encoder: Encoder,
        second: Encoder | None = None,
        *,
        shortlist: int = SHORTLIST,
        threshold: float = 0.5,
        min_confidence: float = 0.0,
        idle_in_doubt: bool = False,
        seed: int = 0,
        variety: float = 0.0,
        motion: MotionSignal | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._library = library
        self._first, self._second = encoder, second
        self._encoders = (encoder,) if second is None else (encoder, second)
        self._index = LabelIndex(labels_and_captions(library), encoder, progress)
        self._again: dict[str, np.ndarray] = {}
        if second is not None and len(self._index.texts) <= PREPARED_LIMIT:
            vectors = VectorFile(second, self._index.texts).load(progress)
            self._again = dict(zip(self._index.texts, vectors, strict=True))
        self._motion = motion
        self._calibration = calibrate(second or encoder)
        self._missing = self._missing_actions(progress)
        self._turns: Counter[int] = Counter()
        self._queries: dict[tuple[str, tuple[str, ...]], np.ndarray] = {}
        self._sides: dict[tuple[str, float, float, str], str] = {}
        self.shortlist, self.threshold, self.idle_in_doubt = shortlist, threshold, idle_in_doubt
        self.seed, self.variety, self.min_confidence = seed, variety, min_confidence

    @property
    def stages(self) -> tuple[str, ...]:
        """Ids of the encoders, first stage first; last the third signal, where it takes part."""
        return (*(encoder.id for encoder in self._encoders), *([self._motion.id] if self._motion else []))

    @property
    def encoder(self) -> Encoder:
        """That of the last stage."""
        return self._encoders[-1]

    def __len__(self) -> int:
        """How many different meanings the library has."""
        return len(self._index)

    def find(self, command: str | Prompt, top: int = 5) -> list[Match]:
        """The `top` best labels, best first, each with the clip that would play.

        Raises:
            PromptError: the text holds no words.
        """
        return list(self.search(command, top).matches)

    def search(self, command: str | Prompt, top: int = 5) -> Answer:
        """`find`, with the stages, their timings and warnings.

        Args:
            command: parsed, or a text to be parsed here.

        Raises:
            PromptError: the text holds no words.
        """
        started = time.perf_counter()
        prompt = as_prompt(command)
        timings = {"parse": time.perf_counter() - started}
        wanted = [layer for step in prompt.plan for layer in step if not layer.negated]
        if prompt.plan and not wanted:
            matches = self.rank_layer(STILL, top, timings)
        else:
            layer = wanted[0] if wanted else Layer(prompt.text)
            matches = self.rank(query_sentences(prompt), layer, top, timings)
        warnings = [*prompt.warnings, *self.cuts(prompt.text)]
        if matches and matches[0].confidence < self.threshold:
            warnings.append(self.doubt(prompt.raw, matches[0]))
        return Answer(tuple(matches), self.stages, timings, tuple(warnings))

    def rank_layer(self, layer: Layer, top: int, timings: dict[str, float] | None = None) -> list[Match]:
        """The `top` best labels for one action."""
        return self.rank((f"a person {layer.bare}",), layer, top, timings)

    def rank(
        self, sentences: tuple[str, ...], layer: Layer, top: int, timings: dict[str, float] | None = None
    ) -> list[Match]:
        """The `top` best labels, best first.

        Args:
            sentences: what is compared by meaning is the mean of their vectors.
            layer: what is compared by words: direction, speed, side, duration.
            timings: gets the seconds of each stage.
        """
        timings = {} if timings is None else timings
        started = time.perf_counter()
        query = self._query(self._first, sentences)
        encoded = time.perf_counter()
        near = self._index.nearest(query, max(self.shortlist, 2 * top))
        plain = self._index.plain(layer.verb, query)
        if plain and plain[0][0] not in {group for group, _, _ in near[: self.shortlist]}:
            near = [*near[: self.shortlist - 1], *plain, *near[self.shortlist - 1 :]]
        gains = self._motion.gains(query) if self._motion else {}
        near = self._also_shown(near, query, gains)
        found = time.perf_counter()
        looked_at = len(near) if gains else self.shortlist
        again = self._second_scores(sentences, [wording for _, wording, _ in near[:looked_at]])
        done = time.perf_counter()
        timings |= {"encode": encoded - started, "search": found - encoded, "rerank": done - found}
        absent = self._nearest_missing(sentences, layer)
        scored = []
        for place, (group, wording, first) in enumerate(near):
            second = again[place] if place < len(again) else None
            decided = first if second is None else second
            score = likeness(decided, layer, wording) - self._excluded(layer, group)
            score += self._shown(group, gains)
            # What the second stage did not look at stays behind what it did.
            scored.append((second is not None, score, group, wording, first, second))
        scored.sort(key=lambda row: (-row[0], -row[1]))
        return [self._match(layer, absent, gains, *row[1:]) for row in scored[: max(top, 0)]]

    def knows_by_name(self, text: str) -> bool:
        """Whether a label, or a missing action, says these words, but for articles and endings."""
        return self._index.says(text) or (self._missing is not None and self._missing.says(text))

    def clips_of(self, match: Match) -> list[str]:
        """Every clip that has the meaning of a match."""
        return [label.clip for label in self._index.groups[self._index.group_of_text(match.label)]]

    def cuts(self, text: str) -> list[str]:
        """What to say about a text longer than an encoder reads."""
        if len(text) < _NEVER_CUT:
            return []
        limited = [e for e in self._encoders if isinstance(e, Limited) and e.is_cut(text)]
        return [f"the command is longer than {e.id} reads; its end was not compared" for e in limited]

    def doubt(self, text: str, match: Match) -> str:
        """What to say about a match below the threshold."""
        return (
            f"{text[:60]!r} is probably not in the library; "
            f"the nearest is {match.label!r} (confidence {match.confidence:.0%})"
        )

    def acting_side(self, match: Match, limb: str) -> str:
        """The side that acts in a clip: "left", "right", or "" (see `motion.acting_side`)."""
        told = self._told_side(match)
        if told or not isinstance(self._library, Loadable):
            return told
        key = (match.clip, match.start_s, match.end_s, limb)
        if key not in self._sides:
            clip = self._library.load(match.clip)
            first, last = (round(s * clip.rate_hz) for s in (match.start_s, match.end_s))
            self._sides[key] = acting_side(clip.poses[first : last + 1], limb)
        return self._sides[key]

    def step_s(self, match: Match) -> float:
        """Seconds of one step of a clip: half a cycle; 0 where it has none."""
        loop = self._library.info(match.clip).loop if isinstance(self._library, Described) else None
        return 0.5 * (loop[1] - loop[0]) if loop else 0.0

    def _told_side(self, match: Match) -> str:
        """The side that a caption says acts; "" where none says."""
        if not isinstance(self._library, Described):
            return ""
        layers = (
            layer for caption in self._library.info(match.clip).captions for layer in label_layers(caption)
        )
        return next((side for layer in layers if (side := moving_side(layer))), "")

    def performed(self, plan: Plan) -> None:
        """Note that a plan is performed, so that with `variety` other clips have the next turn.

        Nothing else changes the order of turns: who only asks gets the same answer every time.
        """
        for planned in plan.layers:
            self._turns[self._index.group_of_text(planned.match.label)] += 1

    def _also_shown(
        self, near: list[tuple[int, str, float]], query: np.ndarray, gains: dict[str, float]
    ) -> list[tuple[int, str, float]]:
        """The nearest groups, and those of the clips that show most alike, whatever they are called."""
        if not gains:
            return near
        alike = heapq.nlargest(LOOKED_AT, gains, key=gains.__getitem__)
        known = {group for group, _, _ in near}
        more = (group for group in self._index.groups_of_clips(alike) if group not in known)
        return [*near, *((group, *self._index.wording(group, query)) for group in more)]

    def _shown(self, group: int, gains: dict[str, float]) -> float:
        """What the motion of a group's best clip says for it."""
        if not gains:
            return 0.0
        return max(gains.get(label.clip, 0.0) for label in self._index.groups[group])

    def _missing_actions(self, progress: Progress | None) -> MissingActions | None:
        """What the library lacks, by the encoder that decides; None: it has too many labels to say."""
        texts = self._index.texts
        if len(texts) > PREPARED_LIMIT:
            return None
        if self._second is None:
            return MissingActions(texts, self._index.vectors, self._first, progress)
        return MissingActions(texts, np.stack([self._again[text] for text in texts]), self._second, progress)

    def _nearest_missing(self, sentences: tuple[str, ...], layer: Layer) -> float:
        """Score of the most alike action that the library lacks."""
        if self._missing is None:
            return -1.0
        return self._missing.nearest(self._query(self._second or self._first, sentences), layer)[1]

    def _excluded(self, layer: Layer, group: int) -> float:
        """What a group costs whose clips do what must not be done."""
        if not layer.without:
            return 0.0
        infos = self._library.info if isinstance(self._library, Described) else None
        labels = self._index.groups[group]
        texts = {label.text for label in labels}
        if infos is not None:
            for clip in {label.clip for label in labels}:
                info = infos(clip)
                texts |= {*info.captions, *(label.text for label in info.labels)}
        done = {described.verb for text in texts for described in label_layers(text)}
        return EXCLUDED if done & set(layer.without) else 0.0

    def _query(self, encoder: Encoder, sentences: tuple[str, ...]) -> np.ndarray:
        """(D,) float32: the vector of a query; asked again, it is not computed again."""
        key = (encoder.id, sentences)
        if key not in self._queries:
            if len(self._queries) >= _REMEMBERED:
                self._queries.clear()
            self._queries[key] = mean_vectors(encoder, [sentences])[0]
        return self._queries[key]

    def _second_scores(self, sentences: tuple[str, ...], wordings: list[str]) -> list[float]:
        if self._second is None:
            return []
        missing = [wording for wording in wordings if wording not in self._again]
        if missing:
            self._again |= zip(missing, label_vectors(self._second, missing), strict=True)
        query = self._query(self._second, sentences)
        return [float(self._again[wording] @ query) for wording in wordings]

    def _match(
        self,
        layer: Layer,
        absent: float,
        gains: dict[str, float],
        score: float,
        group: int,
        wording: str,
        first: float,
        second: float | None,
    ) -> Match:
        labels = self._index.groups[group]
        infos = self._library.info if isinstance(self._library, Described) else None
        values = [
            fitness(label, layer, infos(label.clip) if infos else None) + gains.get(label.clip, 0.0)
            for label in labels
        ]
        chosen = choose(labels, values, self.variety, self.seed, self._turns[group])
        return Match(
            label=wording,
            clip=chosen.clip,
            start_s=chosen.start_s,
            end_s=chosen.end_s,
            score=score,
            first_score=first,
            second_score=second,
            confidence=min(self._calibration.confidence(score), _sureness(score - absent)),
            alternatives=len(labels),
        )


def _sureness(lead: float) -> float:
    """Chance, 0 to 1, that a label is meant that leads the nearest missing action by so much."""
    return 1.0 / (1.0 + math.exp(-max(min(lead / _NEARER, 60.0), -60.0)))
