"""A tourist's dictionary: colors and clothes in Spanish, French, German, Italian, Portuguese and Chinese."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

import re

WORDS: dict[str, str] = {
    word: english
    for english, words in {
        "red": "rojo|roja|rojos|rojas|rouge|rouges|rot|rote|roten|rotes|roter|rosso|rossa|rossi|rosse|vermelho|vermelha|vermelhos|vermelhas",
        "blue": "azul|azules|azuis|bleu|bleue|bleus|bleues|blau|blaue|blauen|blaues|blauer|blauem|blu",
        "green": "verde|verdes|vert|verte|verts|vertes|grün|grüne|grünen|grünes|grüner|verdi",
        "yellow": "amarillo|amarilla|amarillos|amarillas|jaune|jaunes|gelb|gelbe|gelben|gelbes|gelber|giallo|gialla|gialli|amarelo|amarela",
        "black": "negro|negra|negros|negras|noir|noire|noirs|noires|schwarz|schwarze|schwarzen|schwarzes|schwarzer|nero|nera|neri|nere|preto|preta|pretos",
        "white": "blanco|blanca|blancos|blancas|blanc|blanche|blancs|blanches|weiß|weiße|weißen|weißes|weißer|weiss|bianco|bianca|bianchi|bianche|branco|branca",
        "grey": "gris|grises|grise|grau|graue|grauen|graues|grauer|grigio|grigia|grigi|cinza",
        "brown": "marrón|marrones|marron|brun|brune|braun|braune|braunen|braunes|marrone|castanho",
        "orange": "naranja|arancione|laranja|orangen",
        "pink": "rosa|rosado",
        "purple": "morado|morada|violett|violette|lila|viola|roxo|púrpura",
        "t-shirt": "camiseta|camisetas|playera|maglietta",
        "shirt": "camisa|camisas|chemise|chemises|hemd|hemden|camicia",
        "blouse": "blusa|blusas|bluse|camicetta|chemisier",
        "trousers": "pantalón|pantalones|pantalon|pantalons|hose|hosen|pantaloni|calças|calça",
        "jeans": "vaqueros|tejanos|jean",
        "tie": "corbata|cravate|krawatte|cravatta|gravata",
        "belt": "cinturón|ceinture|gürtel|cinturino|cinto",
        "scarf": "bufanda|écharpe|schal|sciarpa|cachecol",
        "cap": "gorra|casquette|kappe|boné",
        "beanie": "gorro|bonnet|mütze|berretto|gorro",
        "socks": "calcetines|chaussettes|socken|calzini|calze|meias",
        "sneakers": "zapatillas|baskets|turnschuhe|turnschuhen|tênis",
        "sandals": "sandalias|sandales|sandalen|sandali|sandálias",
        "glasses": "gafas|lunettes|brille|occhiali|óculos",
        "beard": "barba|barbe|bart",
        "helmet": "casco|casque|helm|capacete",
        "apron": "delantal|tablier|schürze|grembiule|avental",
        "dark": "oscuro|oscura|oscuros|oscuras|foncé|foncée|scuro|scura|scuri|escuro|escura",
        "light": "claro|clara|claros|claras|clair|claire|chiaro|chiara|chiari",
        "striped": "rayado|rayada|rayas|rayé|rayée|gestreift|gestreifte|gestreiftes|gestreiften|gestreifter|righe|listrado|listrada",
        "long": "largo|larga|largos|largas|longue|longs|longues|lange|langes|langen|langer|lungo|lunga|lunghi|lunghe|longo",
        "short": "corta|cortas|court|courte|courts|courtes|kurz|kurze|kurzes|kurzen|kurzer|corti|corte|curto|curta",
        "doctor": "médico|médica|médecin|arzt|ärztin|medico|dottore",
        "police officer": "policía|policier|polizist|polizistin|poliziotto|policial",
        "firefighter": "bombero|bombera|pompier|feuerwehrmann|feuerwehrfrau|pompiere|vigile|bombeiro",
        "nurse": "enfermera|enfermero|infirmière|infirmier|krankenschwester|krankenpfleger|infermiera|enfermeira",
        "chef": "cocinero|cocinera|cuisinier|cuisinière|koch|köchin|cuoco|cozinheiro",
        "pirate": "pirata|pirat|piratin",
        "knight": "caballero|chevalier|ritter|cavaliere|cavaleiro",
        "wizard": "mago|magicien|sorcier|zauberer|feiticeiro",
        "clown": "payaso|pagliaccio|palhaço",
        "jacket": "chaqueta|veste|jacke|jacken|giacca|jaqueta|giubbotto",
        "coat": "abrigo|manteau|mantel|cappotto|casaco",
        "skirt": "falda|jupe|rock|gonna|saia",
        "dress": "vestido|robe|kleid|vestito|kleides",
        "suit": "traje|anzug|completo|terno|costume",
        "sweater": "suéter|jersey|pull|pullover|maglione|pulli",
        "shoes": "zapatos|chaussures|schuhe|schuhen|scarpe|sapatos",
        "boots": "botas|bottes|stiefel|stiefeln|stivali",
        "hat": "sombrero|chapeau|hut|cappello|chapéu",
        "shorts": "corto|cortos|kurzhose|bermudas",
        "gloves": "guantes|gants|handschuhe|guanti|luvas",
        "hair": "pelo|cabello|cheveux|haare|haaren|capelli|cabelo",
        "man": "hombre|homme|mann|uomo|homem|herr",
        "woman": "mujer|femme|frau|donna|mulher|dame",
        "person": "persona|personne|pessoa|jemand",
        "with": "con|avec|mit|com|vestida|vestido de|vêtu|vêtue|portant|trägt",
        "and": "y|et|und|e",
        "a": "un|una|une|ein|eine|einen|einem|einer|eines|uno|um|uma|el|la|los|las|le|les|der|die|das|den|dem|il|lo|de|des|du|in einem",
    }.items()
    for word in words.split("|")
}
"""Foreign word -> the English one."""

WORDS |= {
    f"{german}{word}": f"{shade} {english}"
    for german, shade in (("dunkel", "dark"), ("hell", "light"))
    for word, english in list(WORDS.items())
    if english in ("red", "blue", "green", "yellow", "grey", "brown", "purple", "pink")
}

TELLING = {
    word for word, english in WORDS.items() if english in ("a", "and", "with", "man", "woman", "person")
}
"""Words that give the language away: only a sentence with one of them is translated."""


_COLORS = {"red", "blue", "green", "yellow", "grey", "brown", "orange", "pink", "purple"}


def translated(words: list[str]) -> list[str]:
    """The words, those of the dictionary in English, if the sentence is not English."""
    telling = {"the", "is", "of", "wearing", "in", "dressed", "a", "an"}
    if not TELLING & set(words) or len(telling & set(words)) > 1:
        return words
    english = [part for word in words for part in WORDS.get(word, word).split(" ")]
    for at in range(len(english) - 1):
        if english[at + 1] in ("dark", "light") and english[at] in _COLORS:
            english[at : at + 2] = english[at + 1], english[at]  # "azul oscuro"
    return english


HAN: dict[str, str] = {
    "红": "red", "紅": "red", "蓝": "blue", "藍": "blue", "绿": "green", "綠": "green", "黄": "yellow", "黃": "yellow",
    "黑": "black", "白": "white", "灰": "grey", "棕": "brown", "褐": "brown", "橙": "orange", "粉": "pink", "紫": "purple",
    "色": "", "深": "dark", "浅": "light", "淺": "light", "长": "long", "長": "long", "短": "short", "条纹": "striped",
    "t恤": "t-shirt", "衬衫": "shirt", "襯衫": "shirt", "毛衣": "sweater", "外套": "jacket", "夹克": "jacket", "大衣": "coat",
    "西装": "suit", "西裝": "suit", "牛仔裤": "jeans", "牛仔褲": "jeans", "短裤": "shorts", "短褲": "shorts", "裤子": "trousers",
    "褲子": "trousers", "长裤": "trousers", "连衣裙": "dress", "連衣裙": "dress", "裙子": "skirt", "裙": "skirt", "鞋": "shoes",
    "鞋子": "shoes", "靴子": "boots", "帽子": "hat", "围巾": "scarf", "领带": "tie", "手套": "gloves", "袜子": "socks", "眼镜": "glasses",
    "头发": "hair", "胡子": "beard", "男人": "man", "男子": "man", "男孩": "boy", "女人": "woman", "女子": "woman", "女孩": "girl",
    "女性": "woman", "男性": "man", "人": "person", "一个": "a", "一個": "a", "穿着": "wearing", "穿著": "wearing", "穿": "wearing",
    "戴着": "wearing", "戴": "wearing", "和": "and", "与": "and", "的": "", "医生": "doctor", "警察": "police officer",
    "消防员": "firefighter", "厨师": "chef", "护士": "nurse", "海盗": "pirate", "骑士": "knight", "宇航员": "astronaut",
}  # fmt: skip
"""Chinese word -> the English one; the language puts no blanks between words, and colors before clothes."""

_LONGEST_FIRST = re.compile("|".join(sorted(HAN, key=len, reverse=True)))


def spaced(text: str) -> str:
    """Lower-case `text`, the Chinese words that are known in English, apart from each other."""
    return _LONGEST_FIRST.sub(lambda match: f" {HAN[match[0]]} ", text) if not text.isascii() else text
