"""What "it" stands for: "knock on the door and open *it*"."""

from clipactor_node.language import lexicon as lex
from clipactor_node.language.clauses import Clause
from clipactor_node.language.words import Word

_IT = ("it", "them", "that")


def refer(clauses: list[Clause]) -> None:
    """Put the thing last named in place of an "it" that is the object of a later action."""
    thing: list[Word] = []
    for clause in clauses:
        for i in range(len(clause.words) - 1, clause.verb, -1):
            last = i + 1 == len(clause.words) or clause.words[i + 1].low in lex.ADVERBS | lex.PREPOSITIONS
            if thing and last and clause.words[i].low in _IT:
                clause.words[i : i + 1] = thing
        thing = _thing(clause.words[clause.verb + 1 :]) or thing


def _thing(words: list[Word]) -> list[Word]:
    """The last "the box" of an action; [] where it names none."""
    for i in range(len(words) - 2, -1, -1):
        if i and words[i - 1].low == "with":
            continue
        if words[i].low not in lex.DETERMINERS - lex.NUMBERS.keys() | {"a", "an"}:
            continue
        end = i + 1
        while end < len(words) and words[end].low in lex.QUALITIES | lex.COLORS:
            end += 1
        known = lex.PREPOSITIONS | lex.ADVERBS | lex.PEOPLE | lex.PRONOUNS | lex.COUNTED
        if end < len(words) and words[end].text.isalpha() and words[end].low not in known:
            return words[i : end + 1]
    return []
