"""A tourist's dictionary: colors and clothes in Spanish, French, German, Italian and Portuguese."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

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
        "trousers": "pantalón|pantalones|pantalon|pantalons|hose|hosen|pantaloni|calças|calça",
        "jeans": "vaqueros|tejanos",
        "jacket": "chaqueta|veste|jacke|jacken|giacca|jaqueta|giubbotto",
        "coat": "abrigo|manteau|mantel|cappotto|casaco",
        "skirt": "falda|jupe|rock|gonna|saia",
        "dress": "vestido|robe|kleid|vestito|kleides",
        "suit": "traje|anzug|completo|terno",
        "sweater": "suéter|jersey|pull|pullover|maglione|pulli",
        "shoes": "zapatos|chaussures|schuhe|schuhen|scarpe|sapatos",
        "boots": "botas|bottes|stiefel|stiefeln|stivali",
        "hat": "sombrero|chapeau|hut|cappello|chapéu",
        "shorts": "corto|cortos|kurze hose",
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
}  # fmt: skip
"""Foreign word -> the English one."""

TELLING = {
    word for word, english in WORDS.items() if english in ("a", "and", "with", "man", "woman", "person")
}
"""Words that give the language away: only a sentence with one of them is translated."""


def translated(words: list[str]) -> list[str]:
    """The words, those of the dictionary in English, if the sentence is not English."""
    english = {"the", "is", "of", "wearing", "in", "dressed"} | {"a", "an"}
    if not TELLING & set(words) or len(english & set(words)) > 1:
        return words
    return [WORDS.get(word, word) for word in words]
