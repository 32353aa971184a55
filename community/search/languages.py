"""Words as the index knows them: without accents and endings, and without those that say nothing."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import snowballstemmer

SHORTEST, LONGEST = 2, 40
SNOWBALL = {"nl": "dutch", "en": "english", "de": "german", "fr": "french", "it": "italian", "es": "spanish"}
LANGUAGES = tuple(SNOWBALL)
_WORD = re.compile(r"\w+")
_JOINED = re.compile(r"(?<=\w)['’](?=s\b)")  # baby's, mother's

# What the stemmers part although parents mean the same: a word and its other forms.
_ALIKE = {
    "nl": """kind kinderen kinders kindjes
        baby babys babies babytje babytjes
        kinderwagen kinderwagens kinderwagentje
        echo echos
        foto fotos
        mama mamas
        papa papas
        opa opas
        oma omas
        idee ideeen
        knie knieen
        ei eieren
        huilen huil huilt huilde gehuild
        bevalling bevallingen bevallen
        eten eet gegeten
        drinken drinkt dronk gedronken
        slapen sliep sliepen""",
    "en": """child children
        baby babies
        tooth teeth
        foot feet
        woman women
        man men
        mum mums mom moms
        sleep slept
        feed fed
        eat ate eaten
        birth born""",
}
IRREGULAR = {
    language: {other: line.split()[0] for line in lines.splitlines() for other in line.split()[1:]}
    for language, lines in _ALIKE.items()
}

_STOP = {
    "nl": "de het een en of in is ik je we wij ze zij hij er te van op aan met voor dat die dit als dan maar om ook "
    "nog wel niet naar bij uit door over tot zo al had heb heeft hebben was waren zijn ben bent mijn jouw jullie ons "
    "onze hun haar hem mij me wat wie waar hoe waarom wanneer welke kan kun kunnen mag moet moeten wil wordt worden "
    "werd deze geen meer",
    "en": "the a an and or in is are am was were be been i you we they he she it its of to on at for with that this "
    "these those as then but if also not from by out over so my your our their her his him me us them what who where "
    "how why when which can could may must will would do does did has have had there",
    "de": "der die das den dem des ein eine einer einem einen und oder in im ist sind war waren ich du wir ihr sie er "
    "es zu von auf an mit fur dass als dann aber wenn auch nicht nach bei aus durch uber bis so mein dein unser euer "
    "was wer wo wie warum wann welche kann darf muss will wird werden hat haben hatte",
    "fr": "le la les un une des du de et ou en est sont etait je tu nous vous il elle ils elles on au aux a dans sur "
    "avec pour que qui ce cet cette ces si mais aussi ne pas plus par mon ma mes ton ta tes son sa ses notre nos "
    "votre vos leur leurs quoi ou comment pourquoi quand quel quelle peut peux ai as ont avoir etre",
    "it": "il lo la i gli le un una uno di del della dei delle e o in nel nella sono era io tu noi voi lui lei loro a "
    "al alla da dal con per che chi questo questa questi queste se ma anche non piu mio mia tuo tua suo sua nostro "
    "vostro cosa dove come perche quando quale puo posso ha ho hanno",
    "es": "el la los las un una unos unas de del y o en es son era yo tu nosotros vosotros el ella ellos a al con por "
    "para que quien este esta estos estas si pero tambien no mas mi mis tu tus su sus nuestro vuestro cosa donde como "
    "porque cuando cual puede puedo ha he han hay",
}
STOP = {language: frozenset(words.split()) for language, words in _STOP.items()}


def _plain_letters() -> dict[int, str]:
    """Letters with an accent as those without, one for one, so that places in a text stay the same."""
    folded = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0]
        if base.isascii() and base.isalpha():
            folded[code] = base.lower()
    return folded


_PLAIN = _plain_letters()
_own = threading.local()  # a stemmer keeps the word that it works on


def folded(text: str) -> str:
    """The same text in small letters without accents, letter for letter; it must be composed (NFC)."""
    return (text if text.isascii() else text.translate(_PLAIN)).lower()


def composed(text: str) -> str:
    """A text whose letters are one character each."""
    return unicodedata.normalize("NFC", text)


def words_in(text: str) -> Iterator[re.Match[str]]:
    """The words of a folded text."""
    return (word for word in _WORD.finditer(text) if SHORTEST <= len(word[0]) <= LONGEST)


def said_in(text: str) -> list[str]:
    """The words of any text, folded, as they are written."""
    return [word[0] for word in words_in(folded(_JOINED.sub("", composed(text))))]


def stems_in(text: str, language: str) -> list[str]:
    """The words of any text as the index knows them."""
    silent = STOP[language]
    return [stem_of(word, language) for word in said_in(text) if word not in silent]


@lru_cache(maxsize=100_000)
def stem_of(word: str, language: str) -> str:
    """What a folded word has in common with its other forms."""
    regular = IRREGULAR.get(language, {}).get(word, word)
    if language not in _stemmers():
        _stemmers()[language] = snowballstemmer.stemmer(SNOWBALL[language])
    return str(_stemmers()[language].stemWord(regular))


def _stemmers() -> dict[str, Any]:
    if not hasattr(_own, "stemmers"):
        _own.stemmers = {}
    known: dict[str, Any] = _own.stemmers
    return known
