"""What is said around an action: requests, exclamations, idioms, corrections, and what is excluded."""

import re
from dataclasses import dataclass

from clipactor_node.language import lexicon as lex
from clipactor_node.language.modifiers import without_timing
from clipactor_node.language.words import Form, Word, is_phrase, split


def _table(rows: str) -> dict[tuple[str, ...], str]:
    """Phrase -> what it says, of lines "said = phrase | phrase"."""
    found = {}
    for row in rows.strip().splitlines():
        said, _, phrases = row.partition("=")
        found |= {tuple(phrase.split()): said.strip() for phrase in phrases.split("|")}
    return found


_IDIOMS = _table(
    """
    , = no problem | no worries | no wonder | no doubt | there is no doubt | there's no doubt | without a doubt
    , = without doubt | without fail | without delay | without hesitation | without further ado | no offence | no kidding
    , = no offense | of course | by the way | you know what | no need to worry | never mind | nevermind | no big deal
    , = if you don't mind | if you like | if you please | if possible | needless to say | in my opinion | for me please
    , = nobody is here | nobody is watching | no one is watching | nobody's watching | no one is here | it is nothing
    , = it's nothing | there is nothing to it | no matter what | no matter how | no sweat | no way around it | not bad
    , = for god's sake | for heaven's sake | what the hell | thank you | thanks | in no particular order | in no hurry | in no rush | no hurry | no rush
    , = with no hurry | without haste | without hurry | without hurrying | without rushing
    never = under no circumstances | by no means | on no account | at no time | no longer | not any longer | no more
    not = refuse to | refuses to | anything but | must not | mustn't | may not | should not | shouldn't | cannot
    = not only | nothing but | don't forget to | do not forget to | never forget to | don't hesitate to | do not hesitate to
    = can't help but | cannot help but | couldn't help but | can't help | cannot help | couldn't help | can't wait to
    = cannot wait to | don't be afraid to | do not be afraid to | don't be shy and | can't stop | cannot stop | couldn't stop
    = can not stop | could not stop | doesn't stop | does not stop | don't stop | do not stop | never stop | never stops
    = not stop | won't stop | will not stop | without stopping | feel free to | go ahead and | be so kind as to
    = be so kind and | come on and | do me a favour and | do me a favor and | make sure to | be sure to | remember to
    = manage to | manages to | proceed to | proceeds to | goes on to | go on and | dare to | dares to | happens to
    = seems to | appears to | is about to | is going to | are going to | am going to | used to | ends up | end up
    , = break a leg | long time no see | easy come easy go | no pain no gain | no way | not a chance | better late than never
    , = give me a hand and | give us a hand and | lend me a hand and | hold your horses | have no fear | fear not | good job
    , = excuse me | excuse me but | sorry to bother you but | sorry to bother you | sorry but | be a dear and | be nice and
    , = once upon a time | as you wish | knock on wood | god bless you | bless you | good morning | good evening | good day
    , = that's it | that is it | here we go | here goes | ready steady go | on your marks | one two three go | for once
    everything except = everything but | all but | anything except
    then = but also | but then | last but not least | to finish | to end with | to conclude | to top it off | after which
    then = end with | end by | ends with | ends by | finish with | finish by | finishes with | finishes by | conclude with
    then = finish off with | ending with | finishing with | at the end | in the end | after this | and after that
    first = start by | start with | starts by | starts with | begin by | begin with | begins by | begins with | starting with
    first = to start with | to begin with | first of all | first off | at first | start off by | start off with
    and = as well as | along with | and also | in addition to
    while = at the same time as | all the while | and meanwhile
    a = a bit of a | a kind of | a sort of | a nice | a little bit of
    slowly = take it slow | take it slowly | take it easy | take your time | take your time and | nice and slow
    quickly = hurry up | hurry up and | be quick | make it quick | chop chop
    """
)
"""Fixed expressions whose words do not mean what they say one by one, and what stands for each."""

_REQUESTS = _table(
    """
    = i would like you to | i'd like you to | i want you to | i want the avatar to | i want him to | i want her to
    = i want to see you | i want to see | i would like to see you | i would like to see | i'd like to see you
    = i'd like to see | i'd love to see you | i'd love to see | i would love to see you | i would love to see | let me see you
    = let me see | let's see you | let's see | may i see | can i see | could i see | can we see | i need you to | i wish you would
    = could the avatar please | can the avatar please | could the avatar | can the avatar | could you please
    = can you please | would you please | will you please | could you | can you | would you | will you | can u | could u
    = would you mind | would it be possible to | is it possible to | is it possible for you to | are you able to
    = do you know how to | do you want to | would you like to | would you care to | how do you | how does one
    = how about | what about | why don't you | why do you not | why not | shall we | you should | you must | you have to
    = you need to | you may | you can | it's time to | it is time to | time to | it would be nice if you | it'd be nice if you
    = make the avatar | make him | make her | make it | make them | let the avatar | let him | let her | let us | let's
    = have the avatar | have him | have her | let them | show us how to | show me how to | show us how you | show me how you
    = show us | show me | please | pls | plz | kindly | now | just | simply | next | ok | okay | alright | all right | right then
    = hey | hi there | hey there | hey you | oh | ah | um | uh | erm | hmm | well | so | yeah | yep | yo | wow | listen
    = attention | quick | quickly now | go | robot | avatar | clipactor | dear robot | dear avatar | my friend | dear friend
    = dear | everybody | everyone | you guys | guys | folks | ladies and gentlemen | you there | you | buddy | dude | sir
    = madam | i want | i'd like | i would like | imagine | pretend to | try to | i ask you to | i beg you to | i command you to
    = i would be grateful if you could | i'd be grateful if you could | i'd appreciate it if you could | i was wondering if you could
    = i would appreciate it if you could | i wonder if you could | i was hoping you could | i was hoping you would
    = if it's not too much trouble | if it is not too much trouble | may i ask you to | might i ask you to | can i ask you to
    = would it be okay if you | would it be ok if you | is it okay if you | do you think you could | do you think you can
    = would you kindly | could you kindly | would you be able to | could you possibly | would you be willing to | can we get
    = what does | what would | what is | scratch that | who can | who wants to | execute | initiate | commence | activate | engage
    = one more time | like | i challenge you to | i dare you to | would you ever | have you ever tried to | let's all | all together
    = tell him to | tell her to | tell the avatar to | ask him to | ask her to | the avatar should | he should | she should
    = does he | does she | did he | did she | is he | is she | can he | can she | do you | maybe | perhaps | then
    """
)
"""How people come to the point."""

_FILLERS = lex.word_set("uh um uhm er erm hmm mmm eh ahem")
_ANSWERS = lex.word_set("no nope nah yes yeah")
_NEED_A_BREAK = lex.word_set(
    "like quick go robot avatar sir madam hey oh well so you right robot everybody everyone"
)
"""These address nobody and nothing unless a comma or a verb follows."""

_CORRECTIONS = tuple(
    tuple(phrase.split())
    for phrase in [
        ", no ,",
        "no wait",
        "wait no",
        "no , wait",
        "wait , no",
        "no i mean",
        "no , i mean",
        "i mean",
        "or rather",
        "scratch that",
        "correction",
        "actually no",
        "actually , no",
        "no sorry",
        "no , sorry",
        "sorry no",
        "sorry , no",
        "sorry i meant",
        "i meant",
        "make that",
        "on second thought",
        "on second thoughts",
        "forget that",
        "forget it",
        "no actually",
        "no , actually",
        "oops",
    ]
)

_COUNTING = lex.NUMBERS.keys() | {"times", "time", "thrice"}

_EXCLUDERS = tuple(
    tuple(phrase.split())
    for phrase in [
        "instead of",
        "rather than",
        "as opposed to",
        "in place of",
        "without",
        "except for",
        "except",
        "apart from",
        "with no",
        "in no",
        "and no",
        "but no",
        "and without",
        "but without",
        "and not",
        "but not",
        "not",
        "or",
        "and",
        "nor",
    ]
)
_CONTRASTS = {("and", "not"), ("but", "not"), ("not",)}
_CONTINUING = {("or",), ("and",), ("nor",), ("and", "no"), ("but", "no")}


@dataclass(frozen=True)
class Excluded:
    """The words that are left, and base forms of the actions that must not be part of them."""

    words: list[Word]
    verbs: tuple[str, ...]


_ORDINAL = "first|second|third|fourth|fifth|next|last|final"
_IN_ORDER = re.compile(
    rf"\b(?:the|your|my)\s+(?:{_ORDINAL})(?:\s+(?:thing|move|step|action|task|one))?(?:\s+to\s+do)?"
    r"(?:\s+(?:is|will\s+be|should\s+be)(?:\s+to)?\b|\s*:)"
    r"|\b(?:step|move|task|action|number|no\.?)\s*\d{1,2}\s*[:.)]"
    r"|\b\d(?:st|nd|rd|th)\b(?=\s*[:,.]?\s*[a-z])",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"(?:^|(?<=[\s,;.]))\(?[a-h]\)\s+")


def in_order(text: str) -> str:
    """The numbers of a list as commas: "step 1: wave, step 2: bow", "1st nod 2nd clap", "a) wave b) bow"."""
    if re.match(r"\(?a\)\s", text):
        text = _LETTERED.sub(", ", text)
    return (
        _IN_ORDER.sub(", then ", text).lstrip(", ").removeprefix("then ") if _IN_ORDER.search(text) else text
    )


def without_asides(words: list[Word]) -> list[Word]:
    """Without conditions ("if you can hear me, ..."), comparisons ("as if to say yes") and what else somebody does
    or cannot do ("somebody who can't swim walks")."""
    if words and words[0].low in ("if", "unless", "provided", "assuming", "whether"):
        end = next((i for i, w in enumerate(words) if w.is_break or w.low == "then"), len(words))
        rest = words[end + 1 :]
        words = rest if any(w.lemma for w in rest) else words
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
    """Where a relative clause ends that is followed by the verb of its sentence; `start` where there is none."""
    verbs = 0
    for i in range(start + 1, len(words)):
        if words[i].is_break or words[i].low in ("and", "then", "but"):
            return start
        if words[i].form is Form.S and verbs:
            return i
        verbs += bool(words[i].lemma) or words[i].low in lex.STATES
    return start


def without_idioms(words: list[Word]) -> list[Word]:
    """Fixed expressions replaced by what they mean; the words as they are where nothing else would be left."""
    words = [w for w in words if w.low not in _FILLERS] or words
    found: list[Word] = []
    i = 0
    while i < len(words):
        length = next((n for n in range(5, 0, -1) if _phrase(words, i, n) in _IDIOMS), 0)
        if length == 0:
            found.append(words[i])
            i += 1
            continue
        found += split(_IDIOMS[_phrase(words, i, length)])
        i += length
    return found if any(w.lemma or not w.is_break for w in found) else words


def without_request(words: list[Word]) -> list[Word]:
    """The command after "could you please", "hey you", "no," and the like."""
    while True:
        start = _request_end(words)
        rest = words[start:]
        while rest and rest[0].is_break:
            rest = rest[1:]
        if start == 0 or not rest:
            break
        words = rest
    if len(words) > 3 and [w.low for w in words if not w.is_break][-2:] == ["look", "like"]:
        words = [w for w in words if w.low not in ("look", "like")]
    while len(words) > 1 and words[-1].low in ("please", "anyway", "pls", "now", "though", "okay", "ok", "?"):
        words = words[:-1]
    return words


def _request_end(words: list[Word]) -> int:
    """How many words at the start come before the point."""
    lows = [w.low for w in words]
    if not lows:
        return 0
    following = next((i for i, w in enumerate(words) if not w.is_break and w.low not in _ANSWERS), len(words))
    if lows[0] in _ANSWERS and (following > 1 or lows[1:2] == [","]) and following < len(words):
        return following
    for n in range(8, 0, -1):
        phrase = _phrase(words, 0, n)
        if phrase not in _REQUESTS or n >= len(words):
            continue
        if n == 1 and phrase[0] in _NEED_A_BREAK and not (words[1].is_break or words[1].form is Form.BASE):
            continue
        return n
    if lows[0] in ("look", "see", "watch", "listen") and lows[1:2] == [","] and lows[2:3]:
        return 2 if lows[2] in lex.PRONOUNS | lex.DETERMINERS else 0
    if lows[0] in ("halt", "stop", "wait") and lows[1:2] == ["!"]:
        return 2
    return 0


def corrected(words: list[Word]) -> list[Word]:
    """What holds after "no wait, ..." and the like: the new action, or the old one with another side."""
    for i in range(len(words) - 1, 0, -1):
        phrase = next((p for p in _CORRECTIONS if is_phrase(words, i, p)), None)
        if phrase is None:
            continue
        before, after = words[:i], words[i + len(phrase) :]
        while after and (after[0].is_break or after[0].low in ("no", "actually", "sorry")):
            after = after[1:]
        if not after or not any(not w.is_break for w in before):
            continue
        sides = [w for w in after if w.low in ("left", "right")]
        if any(w.lemma for w in after):
            return after
        if all(w.low in _COUNTING for w in after if not w.is_break):
            return [*without_timing(before), *after]
        if sides:
            return [sides[0] if w.low in ("left", "right") else w for w in corrected(before)]
    return words


def take_exclusions(words: list[Word]) -> Excluded:
    """The words without "without ...", "instead of ..." and the like: they reach what they govern, no further.

    That is an action with its object up to the next comma or "and", or a thing with its adjectives: in "a
    knight without a helmet walks" the helmet alone.
    """
    kept: list[Word] = []
    verbs: list[str] = []
    i = 0
    open_list = False
    while i < len(words):
        phrase = next(
            (p for p in _EXCLUDERS if is_phrase(words, i, p) and _excludes(p, kept, open_list)), None
        )
        start = i + len(phrase) if phrase else i
        end = _excluded_end(words, start, phrase) if phrase else start
        if end == start:
            open_list = False
            kept.append(words[i])
            i += 1
            continue
        verbs += [w.lemma for w in words[start:end] if w.lemma and w.low not in lex.AUXILIARIES]
        open_list = True
        i = end
    if not any(w.lemma or not (w.is_break or w.low in lex.PEOPLE | lex.DETERMINERS) for w in kept):
        return Excluded(words, ())  # "without running": that is all there is
    return Excluded(kept, tuple(verbs))


def _excludes(phrase: tuple[str, ...], kept: list[Word], open_list: bool) -> bool:
    """Whether a phrase can exclude here: a contrast needs something before it, a list one that is open."""
    if phrase in _CONTINUING:
        return open_list
    if phrase in _CONTRASTS:  # "walk not run", never "does not run"
        return any(w.lemma for w in kept) and kept[-1].low not in lex.AUXILIARIES
    return True


def _excluded_end(words: list[Word], start: int, phrase: tuple[str, ...]) -> int:
    """Where what a phrase excludes from `start` on ends; `start` if it excludes nothing."""
    if start >= len(words):
        return start
    first, continuing = words[start], phrase in _CONTINUING
    of_action = not continuing and phrase[-1] != "no"
    if first.form is Form.ING or (first.form is Form.BASE and of_action):
        return next(
            (
                i
                for i in range(start + 1, len(words))
                if words[i].is_break or words[i].low in _ENDS | {"or", "nor"}
            ),
            len(words),
        )
    if continuing and not (first.low in lex.GARMENTS or first.low in lex.DETERMINERS | lex.COLORS):
        return start
    end = start
    while end < len(words):
        word = words[end]
        named = (
            end > start
            and words[end - 1].low not in lex.DETERMINERS | lex.QUALITIES | lex.COLORS | lex.ADVERBS
        )
        if (
            word.is_break
            or word.low in _ENDS
            or word.low in lex.PREPOSITIONS | lex.PRONOUNS | lex.AUXILIARIES
        ):
            break
        if named and (
            word.form in (Form.S, Form.ING, Form.BASE) or word.low in lex.ADVERBS or word.low in ("or", "nor")
        ):
            break
        end += 1
    return end


_ENDS = lex.word_set("and then but while who that which as")


def _phrase(words: list[Word], i: int, length: int) -> tuple[str, ...]:
    return tuple(w.low for w in words[i : i + length]) if i + length <= len(words) else ()
