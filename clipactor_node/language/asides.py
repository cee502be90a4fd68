"""What a sentence tells besides what is to be done: conditions, reasons, comparisons, what others do."""

from clipactor_node.language import lexicon as lex
from clipactor_node.language.words import Form, Word

_REASONS = lex.word_set("until till because although though unless lest whenever")
_MOMENTS = lex.word_set("when once if while after since whether")
"""After one of these a clause is an aside only where nobody acts in it: "when you are done"."""
_BACKGROUND = lex.word_set("after when once as before because since")
_NO_ACTS = (
    lex.AUXILIARIES
    | lex.STATES
    | lex.ENDINGS
    | lex.ASPECTS
    | lex.word_set("go get got let say said please relax done finished set")
)


def without_asides(words: list[Word]) -> list[Word]:
    """Without conditions ("if you can hear me, ..."), comparisons ("as if to say yes") and what else
    somebody does or cannot do ("somebody who can't swim walks")."""
    if words and words[0].low in ("if", "unless", "provided", "assuming", "whether"):
        end = next((i for i, w in enumerate(words) if w.is_break or w.low == "then"), len(words))
        rest = words[end + 1 :]
        words = rest if any(w.lemma for w in rest) else words
    words = _without_background(words)
    kept: list[Word] = []
    i = 0
    while i < len(words):
        following = words[i + 1].low if i + 1 < len(words) else ""
        compared = (words[i].low == "as" and following in ("if", "though")) or (
            words[i].low == "like" and following in _SPOKEN_OF
        )
        end = i
        if compared and any(w.lemma for w in kept):
            end = next(
                (k for k in range(i, len(words)) if words[k].is_break or words[k].low == "then"), len(words)
            )
        elif (idle := _idle_end(words, i)) > i and any(w.lemma for w in [*kept, *words[idle:]]):
            end = idle
        elif words[i].low in ("who", "that", "which") and kept:
            end = _relative_end(words, i)
        if end > i:
            i = end
            continue
        kept.append(words[i])
        i += 1
    return kept or words


_SPOKEN_OF = lex.word_set("you you're he's she's he she they i")


def _relative_end(words: list[Word], start: int) -> int:
    """Where a relative clause ends that the verb of its sentence follows; `start`: there is none."""
    verbs = 0
    for i in range(start + 1, len(words)):
        if words[i].is_break or words[i].low in ("and", "then", "but"):
            return start
        if words[i].form is Form.S and verbs:
            return i
        verbs += bool(words[i].lemma) or words[i].low in lex.STATES
    return start


def _without_background(words: list[Word]) -> list[Word]:
    """Without what somebody else did before: "after the referee blew his whistle, the player ran"."""
    comma = next((i for i, w in enumerate(words) if w.low == ","), 0)
    if comma < 3 or comma + 1 >= len(words) or words[0].low not in _BACKGROUND:
        return words
    if words[1].low not in lex.DETERMINERS - lex.NUMBERS.keys():
        return words
    acts = any(w.form in (Form.S, Form.PAST) for w in words[2:comma])
    following = words[comma + 1]
    other = following.low in lex.DETERMINERS or following.form is Form.BASE
    return words[comma + 1 :] if acts and other else words


def _idle_end(words: list[Word], start: int) -> int:
    """Where a subordinate clause ends in which nothing is performed; `start`: none begins here."""
    low = words[start].low
    if low not in _REASONS | _MOMENTS or start + 2 >= len(words):
        return start
    who = words[start + 1]
    if who.low not in lex.PRONOUNS | lex.DETERMINERS | lex.AUXILIARIES:
        return start
    end = start + 1
    while end < len(words) and not words[end].is_break and words[end].low not in ("then", "and", "but"):
        acts = words[end].lemma and words[end].low not in _NO_ACTS and end > start + 1
        if acts and low not in _REASONS:
            if words[end].form is not Form.BASE or words[end - 1].low in lex.AUXILIARIES | lex.PRONOUNS | {
                "to"
            }:
                return start
            break  # "when you are ready run"
        end += 1
    stated = any(w.low in lex.AUXILIARIES | lex.STATES or w.lemma for w in words[start + 1 : end])
    return end if stated else start
