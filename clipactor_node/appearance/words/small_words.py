"""The words between garments: what joins, parts and negates them, and what they are no part of."""

# ruff: noqa: E501 - the tables of words are one line for each meaning

JOINERS = ("and", "&", "plus", "as well as", "or", "/", "+")
BREAKS = (",", ";", ".", ":", "with", "wearing", "in", "wears", "dressed in", "clad in", "sporting", "dressed", "who", "whose", "that", "which", "has", "having", "clothed in", "donning", "wore", "is", "are", "while", "on", "but", "also", "then", "he's", "she's", "carrying", "holding", "paired with", "matched with", "against", "at", "under", "worn", "wear", "put on", "from", "to", "except", "except for", "apart from", "other than", "besides")  # fmt: skip
OVER = ("over", "on top of", "above", "worn over", "covering")
UNDER = ("underneath", "beneath", "below")
ARTICLES = (
    "a",
    "an",
    "the",
    "his",
    "her",
    "their",
    "its",
    "my",
    "some",
    "pair of",
    "a pair of",
    "matching",
    "this",
    "your",
    "another",
)
NO = (
    "no",
    "without",
    "not wearing",
    "not",
    "isn't wearing",
    "minus",
    "lacking",
    "instead of",
    "not in",
    "without a",
    "without any",
    "never",
    "anything but",
    "isn't",
    "aren't",
    "doesn't wear",
    "does not wear",
    "don't wear",
    "doesn't have",
    "does not have",
    "has no",
    "rather than",
    "neither",
    "nor",
)
ALL = (
    "all",
    "entirely",
    "completely",
    "head to toe",
    "from head to toe",
    "fully",
    "totally",
    "all over",
    "everything",
    "whole",
    "head-to-toe",
    "purely",
    "only",
    "solid",
)
THINGS = {
    "eyes": "eyes", "eye": "eyes", "eyed": "eyes", "collar": "", "cuffs": "", "buttons": "", "laces": "", "soles": "", "trim": "",
    "background": "", "ball": "", "car": "", "sword": "", "guitar": "", "bike": "", "horse": "", "dog": "",
    "room": "", "floor": "", "nose": "", "cheeks": "", "mouth": "", "makeup": "", "balloon": "", "wings": "", "tail": "",
    "wand": "", "staff": "", "axe": "", "gun": "", "rifle": "", "hammer": "", "cane": "", "stick": "", "broom": "", "phone": "",
    "cup": "", "handbag": "", "purse": "", "suitcase": "", "house": "", "wall": "", "chair": "", "grass": "", "tree": "", "lips": "", "nails": "", "flag": "", "shield": "", "umbrella": "", "light": "",
    "sky background": "", "pocket": "", "pockets": "", "zip": "", "zipper": "", "lining": "", "belt buckle": "",
    "skin": "skin", "face": "skin", "microphone": "", "book": "", "hands": "", "feet": "", "legs": "",
}  # fmt: skip
"""Nouns that are no garment and yet take the color before them."""

UNMADE = {"wings", "tail", "sword", "wand", "staff", "axe", "gun", "rifle", "hammer", "cane", "broom", "handbag", "purse", "suitcase", "umbrella", "flag", "microphone", "balloon", "guitar"}  # fmt: skip
"""Things that somebody wears or holds, and that nothing is made for."""

MATERIALS = ("woolen", "woollen", "wool", "cotton", "leather", "silk", "silky", "satin", "linen", "velvet", "lace", "knitted", "shiny", "glossy", "matte", "tight", "loose", "baggy", "slim", "skinny", "fitted", "oversized", "thick", "thin", "heavy", "warm", "fluffy", "fuzzy", "padded", "quilted", "puffy", "classic", "elegant", "casual", "formal", "sporty", "vintage", "modern", "fashionable", "stylish", "simple", "nice", "beautiful", "big", "small", "large", "wide", "narrow", "high-waisted", "ripped", "torn", "old-fashioned", "traditional", "fancy", "cool", "new", "old", "worn-out", "dirty", "clean", "polished", "metallic", "sparkly", "glittering", "sequined", "colored", "coloured", "tailored", "smart", "waterproof", "protective", "cosy", "cozy", "furry", "fur", "rubber", "plastic", "nylon", "canvas", "suede", "corduroy", "tweed", "woven", "medieval", "winter", "summer", "autumn", "spring", "pleated", "straw", "matching", "summery", "soft-looking", "very", "really", "quite", "rather", "somewhat", "colour", "color", "work", "sports", "running", "hiking", "cargo", "style", "styled", "looking", "like", "curly-haired", "tall", "slender", "young", "middle-aged", "handsome", "happy", "sad", "athletic", "muscular", "strong", "fat", "chubby", "lean", "little", "tiny", "elderly", "transparent", "see-through", "sheer", "comfortable", "comfy", "cute", "pretty", "trendy", "retro", "expensive", "cheap", "stretchy", "crisp", "cashmere", "chiffon")  # fmt: skip
DYES = {
    "leather": "black",
    "suede": "camel",
    "linen": "cream",
    "tweed": "coffee",
    "straw": "sand",
    "corduroy": "coffee",
}
"""The color of cloth of which only the material is said."""

FILLERS = ("two", "three", "four", "five", "six", "several", "many", "group of", "group", "couple of", "few", "other", "every", "everyone", "everybody", "all of them", "wait", "actually", "maybe", "perhaps", "half", "of", "for", "by", "as", "it", "there", "his own", "photo", "picture", "image", "rendering", "3d rendering", "3d", "render", "drawing", "portrait", "an image of", "a photo of", "a picture of", "please", "make", "show", "me", "give", "i want", "want", "would", "be", "being", "was", "were", "dancing", "walking", "running around", "runs", "walks", "jumping", "jumps", "dances", "standing", "stands", "sitting", "sits", "waving", "waves", "kicking", "throwing", "playing", "plays", "jogging", "quickly", "slowly", "happily", "just", "both", "each", "any", "pair", "underneath it", "avatar of", "style of", "dress up", "up", "down", "around", "against", "front", "back", "side", "chest", "top half", "looks", "look", "them", "him", "himself", "herself", "where", "when", "can", "you", "i", "we", "our", "so", "too", "into", "out", "off", "through", "about", "after", "before", "ones", "item", "items", "set", "type", "kind", "going", "singing", "posing", "fighting", "boxing", "stretching", "crouching", "turning", "spinning", "marching", "working", "dressed up", "typical", "usual", "t-pose", "unreal engine", "engine", "unreal", "rendered", "head", "shoulders", "waist", "neck", "foot", "hand", "tied", "tucked", "wrapped", "printed", "painted", "covered")  # fmt: skip
