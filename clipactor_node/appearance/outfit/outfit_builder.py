"""From what a sentence says to an outfit: garments put on over plain clothes or over a named outfit."""

from dataclasses import replace

from clipactor_node.appearance.colors import NAMED, SKIN, Color, nearest_name, shaded
from clipactor_node.appearance.figure import merged
from clipactor_node.appearance.garments import PLAIN, REPLACES, Cut, Outfit, Piece, piece
from clipactor_node.appearance.kinds import KINDS
from clipactor_node.appearance.words.entries import Changes, Wear
from clipactor_node.appearance.words.parsed_outfit import Mention, ParsedOutfit, hair_color, rgb

HAIR_GREY: Color = (178, 176, 172)

_LENGTHS: dict[str, dict[str, Cut]] = {
    "dress": {"long": {"hem": 0.5}, "short": {"hem": 2.55}},
    "bottom": {"long": {}, "short": {"hem": 2.6}},
    "outer": {"long": {"hem": 1.3}, "short": {"hem": 3.75}},
    "top": {"long": {"hem": 3.05}, "short": {"hem": 3.95}},
    "socks": {"long": {"hem": 1.85}, "short": {"hem": 1.1}},
    "shoes": {"long": {"hem": 1.9}, "short": {"hem": 1.12}},
    "gloves": {"long": {"sleeve": 1.1}, "short": {"sleeve": 1.95}},
    "cape": {"long": {"hem": 0.6}, "short": {"hem": 3.0}},
    "beard": {"long": {"hem": 6.0}, "short": {}},
}
_LONG_BY_KIND: dict[str, Cut] = {
    "skirt": {"hem": 0.6},
    "kilt": {"hem": 1.4},
    "pleated skirt": {"hem": 0.6},
    "shorts": {"hem": 2.05},
    "tunic": {"hem": 2.1},
}
_HEAD_TO_FOOT = ("top", "bottom", "dress", "outer", "vest")


def build_outfit(parsed: ParsedOutfit, base: Outfit = PLAIN) -> Outfit:
    """The outfit that a sentence asks for.

    Args:
        parsed: what the sentence says.
        base: what is worn where the sentence says nothing: plain clothes, or the outfit it names.
    """
    named = base is not PLAIN
    outfit = _recolored(base, parsed) if named else _overall(base, parsed)
    spoken = [(mention, _pieces(mention)) for mention in parsed.mentions]
    # Ensembles first: "a black suit and a white shirt" means that shirt, in whatever order.
    for mention, pieces in sorted(spoken, key=lambda pair: len(pair[1]) == 1):
        for new in pieces:
            if mention.colors and named and len(pieces) == 1:
                new = _keep_cut(outfit, new, mention)
            outfit = _put_on(outfit, new, mention, parsed)
    if not named:
        outfit = _complete(outfit, parsed)
    return _person(_taken_off(outfit, parsed), parsed)


def left_out(parsed: ParsedOutfit, outfit: Outfit) -> list[str]:
    """A sentence for every garment that was named and is not worn, because another that was replaces it."""
    named = {m.wears[0].kind: m.word for m in parsed.mentions if len(m.wears) == 1}
    notes = []
    for kind, word in named.items():
        slot = KINDS[kind].slot
        own = set() if slot == "top" else {slot}  # of two tops the thicker is worn as a jacket
        instead = [p.kind for p in outfit.pieces if p.slot in own | REPLACES.get(slot, frozenset())]
        told = [named[other] for other in instead if other in named and other != kind]
        if told and kind not in {p.kind for p in outfit.pieces}:
            notes.append(f"'{word}' cannot be worn together with '{told[0]}' and is left out")
    return notes


# Garments.


def _pieces(mention: Mention) -> list[Piece]:
    """The pieces a mention stands for, colored and cut as it says."""
    several = len(mention.wears) > 1
    whole = next((w.own[1:] for w in mention.wears if w.own and w.own[0] == "?"), None)
    plain = Mention(mention.word, mention.wears)
    result, turn = [], 0
    for wear in mention.wears:
        if wear.own and wear.own[0] != "?" and (several or not mention.colors):
            color = _shaded_default(wear.own, None if several else mention.shade)
            result.append(_piece(wear, [color], plain if several else mention))
            continue
        colors = mention.colors
        if not colors and whole:
            colors = [_shaded_default(whole, mention.shade)]
        if several and len(colors) > 1 and "pattern" not in mention.changes:
            colors, turn = [mention.colors[turn % len(mention.colors)]], turn + 1
        result.append(_piece(wear, colors, mention))
    return result


def _piece(wear: Wear, colors: list[Color], mention: Mention) -> Piece:
    kind = KINDS[wear.kind]
    color = colors[0] if colors else _shaded_default(wear.own or kind.color, mention.shade)
    if kind.slot in ("hair", "beard") and colors:
        color = _as_hair(color)
    cut = wear.cut.copy()
    said = cut_of(mention.changes)
    length = mention.changes.get("length")
    if length:
        by_slot = _LENGTHS.get(kind.slot, {}).get(length, {})
        cut |= _LONG_BY_KIND.get(wear.kind, by_slot) if length == "long" else by_slot
    if kind.sleeve is None:
        said.pop("sleeve", None)
    if kind.slot not in ("dress", "bottom", "outer", "shoes", "socks", "top"):
        said.pop("hem", None)
    if kind.slot == "bottom" and said.get("hem", 0) > 3:
        said.pop("hem")
    if kind.slot == "top" and said.get("hem", 9) < 2.9:  # "knee-length" is for what hangs that low
        said.pop("hem")
    cut |= said
    if kind.slot in ("hair", "beard", "headwear", "jewellery", "belt", "mask"):
        cut.pop("pattern", None)
        cut.pop("figure", None)
        cut.pop("text", None)
    pattern = cut.get("pattern", "plain")
    if len(colors) > 1:
        cut["second"] = cut.get("second", colors[1])
        if pattern == "plain":
            cut["pattern"] = "halves"
    if cut.get("pattern", "plain") != "plain" and cut.get("second") is None:
        cut["second"] = second_color(color, cut["pattern"])
    if wear.source:  # its maker's colors, or shades of the one that is said
        return piece(wear.kind, color, source=wear.source, second=colors[0] if mention.colors else None)
    return piece(wear.kind, color, **cut)


def cut_of(changes: Changes) -> Cut:
    """What words say of a garment itself, without "long" and hair styles."""
    cut = changes.copy()
    cut.pop("length", None)
    cut.pop("style", None)
    return cut


def second_color(color: Color, pattern: str) -> Color:
    """The color of a pattern of which only the cloth's color was said."""
    light = sum(color) / 3 > 140
    if pattern in ("checks", "camouflage"):
        return shaded(color, "dark")
    if pattern in ("emblem", "sidestripe") and not light:
        return NAMED["yellow"] if pattern == "emblem" else NAMED["white"]
    return NAMED["navy"] if light else NAMED["white"]


def _shaded_default(name: str, shade: str | None) -> Color:
    return shaded(rgb(name), shade) if shade else rgb(name)


def _as_hair(color: Color) -> Color:
    name = nearest_name(color)
    return hair_color(name) if name in ("red", "brown", "yellow", "gold") else color


def _keep_cut(outfit: Outfit, new: Piece, mention: Mention) -> Piece:
    """ "A firefighter in a yellow jacket": the firefighter's own jacket, in yellow."""
    worn = outfit.get(new.slot)
    if worn is None or worn.kind != new.kind:
        return new
    cut = cut_of(mention.changes)
    patterned = worn if new.pattern == "plain" else new
    cut["pattern"], cut["second"] = patterned.pattern, patterned.second
    return replace(worn, color=new.color, **cut)


def _put_on(outfit: Outfit, new: Piece, mention: Mention, parsed: ParsedOutfit) -> Outfit:
    """`new` on; a second top becomes the outer one of the two, if it is the thicker."""
    others = [m for m in parsed.mentions if m is not mention and len(m.wears) == 1]
    spoken = [m.wears[0].kind for m in others]
    worn = outfit.get("top")
    if new.slot == "top" and worn is not None and len(mention.wears) == 1 and worn.kind in spoken:
        inner, outer = sorted((worn, new), key=lambda p: (p.shape.thickness, p.open is True))
        return outfit.with_piece(inner).with_piece(_as_outer(outer))
    if new.slot == "bib" and outfit.get("dress") is not None:
        outfit = outfit.without("dress")
    if new.slot == "outer" and mention.changes.get("neck") == "hood":
        new = replace(new, neck="hood")
    return outfit.with_piece(new)


def _as_outer(top: Piece) -> Piece:
    return piece(
        "jacket",
        top.color,
        sleeve=top.sleeve_end,
        hem=top.hem_height,
        neck="v",
        open=bool(top.open) or top.neck == "collar",
        pattern=top.pattern,
        second=top.second,
    )


# Colors of the whole.


def _overall(base: Outfit, parsed: ParsedOutfit) -> Outfit:
    """Plain clothes in the colors that belong to no garment in particular."""
    colors = list(parsed.overall)
    if not colors:
        return base
    if parsed.pattern is not None and parsed.pattern != "plain":
        second = colors[1] if len(colors) > 1 else second_color(colors[0], parsed.pattern)
        cut = Cut(pattern=parsed.pattern, second=second)
        outfit = base.with_piece(replace(piece("shirt", colors[0], neck="crew", hem=3.55), **cut))
        outfit = outfit.with_piece(piece("trousers", colors[0], **cut))
        return outfit.with_piece(piece("shoes", _neutral_shoes(second)))
    top, bottom = colors[0], colors[1 % len(colors)]
    shoes = colors[2] if len(colors) > 2 else bottom if parsed.everywhere else _neutral_shoes(bottom)
    outfit = base.with_piece(piece("shirt", top, neck="crew", hem=3.55))
    return outfit.with_piece(piece("trousers", bottom)).with_piece(piece("shoes", shoes))


def _neutral_shoes(color: Color) -> Color:
    return NAMED["black"] if sum(color) < 330 else NAMED["white"]


def _recolored(base: Outfit, parsed: ParsedOutfit) -> Outfit:
    """A named outfit with its main color changed, if the text names one for it."""
    colors = parsed.name_colors + parsed.overall
    if not colors:
        return base
    worn = [p for p in base.pieces if p.slot in (*_HEAD_TO_FOOT, "plate")]
    count: dict[Color, float] = {}
    for p in worn:
        weight = {"outer": 3.0 if not p.open else 2.0, "dress": 4.0, "plate": 3.0, "top": 2.0, "bottom": 1.9}
        count[p.color] = count.get(p.color, 0.0) + weight.get(p.slot, 0.5)
    if not count:
        return base
    order = sorted(count, key=lambda color: count[color], reverse=True)
    swap = dict(zip(order, colors, strict=False))
    if parsed.everywhere:
        swap = dict.fromkeys(order, colors[0])
    pieces = tuple(
        replace(p, color=swap.get(p.color, p.color)) if p.slot not in ("hair", "beard") else p
        for p in base.pieces
    )
    return replace(base, pieces=pieces)


# What the sentence leaves open.


def _complete(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    """Fitting shoes, legs and shirt for what was named."""
    said = {KINDS[w.kind].slot: w for m in parsed.mentions for w in m.wears}
    colored = bool(parsed.overall)
    dressy = {"dress", "bow tie", "blazer", "gown", "skirt", "cassock", "sari"}
    kinds = {w.kind for m in parsed.mentions for w in m.wears}
    if "shoes" not in said and not colored:
        if kinds & dressy:
            outfit = outfit.with_piece(piece("shoes"))
        elif "swimsuit" in kinds or "briefs" in kinds:
            outfit = outfit.without("shoes")
    if kinds & {"briefs", "swimsuit"} and "bottom" not in said:
        outfit = outfit.without("bottom")
    covers = {"outer", "vest", "plate", "overvest", "bib", "neckwear"} & set(said)
    if covers and "top" not in said and "dress" not in said and not colored:
        outfit = outfit.with_piece(piece("shirt" if {"vest", "neckwear"} & set(said) else "t-shirt"))
    if "breastplate" in kinds and "bottom" not in said and not colored:
        outfit = outfit.with_piece(piece("trousers"))
    if kinds & {"leotard", "bodysuit"} and "bottom" not in said and not colored:
        color = outfit["top"].color
        outfit = outfit.with_piece(piece("leggings", color if "bodysuit" in kinds else NAMED["black"]))
    return outfit


def _taken_off(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    """Without what the text takes off, but never without trousers, nor bare above and below."""
    off = [slot for slot in parsed.bare if slot not in ("bottom", "dress", "hair")]
    said = {KINDS[w.kind].slot for m in parsed.mentions for w in m.wears}
    off = [slot for slot in off if slot not in said]
    outfit = outfit.without(*off)
    if "hair" in parsed.bare:
        outfit = replace(outfit.without("hair"), hair="bald")
    return outfit


def _person(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    """Skin, eyes, hair and its style."""
    skin = parsed.skin
    if skin is not None:
        outfit = replace(outfit, skin=SKIN.get(skin, outfit.skin) if isinstance(skin, str) else skin)
    if parsed.eyes is not None:
        outfit = replace(outfit, eyes=parsed.eyes)
    marks = dict(outfit.marks) | parsed.marks
    outfit = replace(outfit, figure=merged((*outfit.figure, *parsed.figure)), marks=tuple(marks.items()))
    return _beard(_hair(outfit, parsed), parsed)


def _hair(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    said = [m for m in parsed.mentions if m.wears[0].kind == "hair"]
    length = next((m.changes["length"] for m in said if "length" in m.changes), None)
    style = length or parsed.hair
    # "a man" has short hair, unless the outfit that he wears says otherwise.
    keeps = style == "short" and not said and outfit.hair not in ("short", "bald")
    stays_bald = outfit.hair == "bald" and not said
    if style and not keeps and not stays_bald:
        outfit = replace(outfit, hair=style)
    if outfit.hair == "bald":
        return outfit
    color = parsed.hair_color
    grey = parsed.grey or "old" in parsed.figure
    if color is None and grey and not any(m.colors for m in said):
        color = HAIR_GREY
    if color is not None:
        return outfit.with_piece(piece("hair", color))
    return outfit if outfit.get("hair") is not None else outfit.with_piece(piece("hair"))


def _beard(outfit: Outfit, parsed: ParsedOutfit) -> Outfit:
    """A beard of which no color is said has that of the hair."""
    said = [m for m in parsed.mentions if m.wears[0].kind in ("beard", "moustache")]
    beard, hair = outfit.get("beard"), outfit.get("hair")
    if said and beard is not None and hair is not None and not any(m.colors for m in said):
        outfit = outfit.with_piece(replace(beard, color=hair.color))
    return outfit
