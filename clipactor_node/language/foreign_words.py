"""The words of the tourist's dictionary: Spanish, French, German, Italian, Portuguese and Chinese."""

# ruff: noqa: E501 - the dictionary is one line for each meaning

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a word of the dictionary speaks of."""

    COLOR = "color"
    SHAPE = "shape"  # or shade of a garment: long, dark
    PATTERN = "pattern"
    GARMENT = "garment"
    ROLE = "role"  # who wears what everybody knows
    HAIR = "hair"
    PERSON = "person"
    GRAMMAR = "grammar"


@dataclass(frozen=True)
class Entry:
    """One meaning.

    Attributes:
        kind: what it speaks of.
        english: the English words; "" for what English leaves out.
        words: in languages with blanks between words, lower case.
        chinese: in Chinese, which has none; a "t" is lower case.
    """

    kind: Kind
    english: str
    words: tuple[str, ...]
    chinese: tuple[str, ...]


def _entry(kind: Kind, english: str, words: str, chinese: str) -> Entry:
    return Entry(kind, english, tuple(words.split()), tuple(chinese.split()))


ENTRIES = (
    _entry(
        Kind.COLOR,
        "red",
        "rojo roja rojos rojas rouge rouges rot rote roten rotes roter rosso rossa rossi rosse vermelho vermelha vermelhos vermelhas",
        "红 紅",
    ),
    _entry(
        Kind.COLOR,
        "blue",
        "azul azules azuis bleu bleue bleus bleues blau blaue blauen blaues blauer blauem blu",
        "蓝 藍",
    ),
    _entry(
        Kind.COLOR,
        "green",
        "verde verdes vert verte verts vertes grün grüne grünen grünes grüner verdi",
        "绿 綠",
    ),
    _entry(
        Kind.COLOR,
        "yellow",
        "amarillo amarilla amarillos amarillas jaune jaunes gelb gelbe gelben gelbes gelber giallo gialla gialli amarelo amarela",
        "黄 黃",
    ),
    _entry(
        Kind.COLOR,
        "black",
        "negro negra negros negras noir noire noirs noires schwarz schwarze schwarzen schwarzes schwarzer nero nera neri nere preto preta pretos",
        "黑",
    ),
    _entry(
        Kind.COLOR,
        "white",
        "blanco blanca blancos blancas blanc blanche blancs blanches weiß weiße weißen weißes weißer weiss bianco bianca bianchi bianche branco branca",
        "白",
    ),
    _entry(
        Kind.COLOR,
        "grey",
        "gris grises grise grau graue grauen graues grauer grigio grigia grigi cinza",
        "灰",
    ),
    _entry(
        Kind.COLOR,
        "brown",
        "marrón marrones marron brun brune braun braune braunen braunes marrone castanho",
        "棕 褐",
    ),
    _entry(Kind.COLOR, "orange", "naranja arancione laranja orangen", "橙"),
    _entry(Kind.COLOR, "pink", "rosa rosado", "粉"),
    _entry(Kind.COLOR, "purple", "morado morada violett violette lila viola roxo púrpura", "紫"),
    _entry(Kind.GARMENT, "t-shirt", "camiseta camisetas playera maglietta", "t恤"),
    _entry(Kind.GARMENT, "shirt", "camisa camisas chemise chemises hemd hemden camicia", "衬衫 襯衫"),
    _entry(Kind.GARMENT, "blouse", "blusa blusas bluse camicetta chemisier", ""),
    _entry(
        Kind.GARMENT,
        "trousers",
        "pantalón pantalones pantalon pantalons hose hosen pantaloni calças calça",
        "裤子 褲子 长裤",
    ),
    _entry(Kind.GARMENT, "jeans", "vaqueros tejanos jean", "牛仔裤 牛仔褲"),
    _entry(Kind.GARMENT, "tie", "corbata cravate krawatte cravatta gravata", "领带"),
    _entry(Kind.GARMENT, "belt", "cinturón ceinture gürtel cinturino cinto", ""),
    _entry(Kind.GARMENT, "scarf", "bufanda écharpe schal sciarpa cachecol", "围巾"),
    _entry(Kind.GARMENT, "cap", "gorra casquette kappe boné", ""),
    _entry(Kind.GARMENT, "beanie", "gorro bonnet mütze berretto", ""),
    _entry(Kind.GARMENT, "socks", "calcetines chaussettes socken calzini calze meias", "袜子"),
    _entry(Kind.GARMENT, "sneakers", "zapatillas baskets turnschuhe turnschuhen tênis", ""),
    _entry(Kind.GARMENT, "sandals", "sandalias sandales sandalen sandali sandálias", ""),
    _entry(Kind.GARMENT, "glasses", "gafas lunettes brille occhiali óculos", "眼镜"),
    _entry(Kind.GARMENT, "beard", "barba barbe bart", "胡子"),
    _entry(Kind.GARMENT, "helmet", "casco casque helm capacete", ""),
    _entry(Kind.GARMENT, "apron", "delantal tablier schürze grembiule avental", ""),
    _entry(
        Kind.SHAPE, "dark", "oscuro oscura oscuros oscuras foncé foncée scuro scura scuri escuro escura", "深"
    ),
    _entry(Kind.SHAPE, "light", "claro clara claros claras clair claire chiaro chiara chiari", "浅 淺"),
    _entry(
        Kind.PATTERN,
        "striped",
        "rayado rayada rayas rayé rayée gestreift gestreifte gestreiftes gestreiften gestreifter righe listrado listrada",
        "条纹",
    ),
    _entry(
        Kind.SHAPE,
        "long",
        "largo larga largos largas longue longs longues lange langes langen langer lungo lunga lunghi lunghe longo",
        "长 長",
    ),
    _entry(
        Kind.SHAPE,
        "short",
        "corta cortas court courte courts courtes kurz kurze kurzes kurzen kurzer corti corte curto curta",
        "短",
    ),
    _entry(Kind.ROLE, "doctor", "médico médica médecin arzt ärztin medico dottore", "医生"),
    _entry(Kind.ROLE, "police officer", "policía policier polizist polizistin poliziotto policial", "警察"),
    _entry(
        Kind.ROLE,
        "firefighter",
        "bombero bombera pompier feuerwehrmann feuerwehrfrau pompiere vigile bombeiro",
        "消防员",
    ),
    _entry(
        Kind.ROLE,
        "nurse",
        "enfermera enfermero infirmière infirmier krankenschwester krankenpfleger infermiera enfermeira",
        "护士",
    ),
    _entry(Kind.ROLE, "chef", "cocinero cocinera cuisinier cuisinière koch köchin cuoco cozinheiro", "厨师"),
    _entry(Kind.ROLE, "pirate", "pirata pirat piratin", "海盗"),
    _entry(Kind.ROLE, "knight", "caballero chevalier ritter cavaliere cavaleiro", "骑士"),
    _entry(Kind.ROLE, "wizard", "mago magicien sorcier zauberer feiticeiro", ""),
    _entry(Kind.ROLE, "clown", "payaso pagliaccio palhaço", ""),
    _entry(Kind.GARMENT, "jacket", "chaqueta veste jacke jacken giacca jaqueta giubbotto", "外套 夹克"),
    _entry(Kind.GARMENT, "coat", "abrigo manteau mantel cappotto casaco", "大衣"),
    _entry(Kind.GARMENT, "skirt", "falda jupe rock gonna saia", "裙子 裙"),
    _entry(Kind.GARMENT, "dress", "vestido robe kleid vestito kleides", "连衣裙 連衣裙"),
    _entry(Kind.GARMENT, "suit", "traje anzug completo terno costume", "西装 西裝"),
    _entry(Kind.GARMENT, "sweater", "suéter jersey pull pullover maglione pulli", "毛衣"),
    _entry(Kind.GARMENT, "shoes", "zapatos chaussures schuhe schuhen scarpe sapatos", "鞋 鞋子"),
    _entry(Kind.GARMENT, "boots", "botas bottes stiefel stiefeln stivali", "靴子"),
    _entry(Kind.GARMENT, "hat", "sombrero chapeau hut cappello chapéu", "帽子"),
    _entry(Kind.GARMENT, "shorts", "corto cortos kurzhose bermudas", "短裤 短褲"),
    _entry(Kind.GARMENT, "gloves", "guantes gants handschuhe guanti luvas", "手套"),
    _entry(Kind.HAIR, "hair", "pelo cabello cheveux haare haaren capelli cabelo", "头发"),
    _entry(Kind.PERSON, "man", "hombre homme mann uomo homem herr", "男人 男子 男性"),
    _entry(Kind.PERSON, "woman", "mujer femme frau donna mulher dame", "女人 女子 女性"),
    _entry(Kind.PERSON, "person", "persona personne pessoa jemand", "人"),
    _entry(Kind.GRAMMAR, "with", "con avec mit com vestida vêtu vêtue portant trägt", ""),
    _entry(Kind.GRAMMAR, "and", "y et und e", "和 与"),
    _entry(
        Kind.GRAMMAR,
        "a",
        "un una une ein eine einen einem einer eines uno um uma el la los las le les der die das den dem il lo de des du",
        "一个 一個",
    ),
    _entry(Kind.GRAMMAR, "", "", "色 的"),
    _entry(Kind.PERSON, "boy", "", "男孩"),
    _entry(Kind.PERSON, "girl", "", "女孩"),
    _entry(Kind.GRAMMAR, "wearing", "", "穿着 穿著 穿 戴着 戴"),
    _entry(Kind.ROLE, "astronaut", "", "宇航员"),
)
