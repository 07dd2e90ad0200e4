"""Names of payers: compared without legal form, alphabet and order of words; found when misspelt.

A name becomes sound: Cyrillic, Kazakh and Latin spellings of a word fall together
(``Құрылыс``, ``Курылыс``, ``Kurylys``), look-alikes of the other alphabet too.
"""

import re
from collections import defaultdict
from collections.abc import Hashable
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from .text import lower

_WORDS = re.compile(r"[^\W_]+")
_FORM_WORDS = """
тоо ооо оао зао пао ао ип жшс жк ақ кх ку гу гкп рго ргп чп фх ф л а к б х
llp llc ltd jsc inc gmbh plc co corp too ooo ip ao oao zao pao tov s
товарищество общество с ограниченной ответственностью индивидуальный предприниматель акционерное филиал
жауапкершілігі шектеулі серіктестігі серіктестік жеке кәсіпкер кәсіпкері акционерлік қоғам қоғамы
крестьянское фермерское хозяйство
"""
_FORMS = frozenset(_FORM_WORDS.split())
_LONG_FORMS = tuple(form for form in _FORMS if len(form) > 5)
_TO_CYRILLIC = str.maketrans("abcehkmoptxy", "авсенкмортху")
_SOUNDS = str.maketrans(
    "абвгдезийклмнопрстуфхцыэёәіңғүұқөһ",
    "abvgdeziiklmnoprstufhcieeainguukoh",
)
_SOUNDS |= str.maketrans({"ж": "z", "ч": "c", "ш": "s", "щ": "s", "ъ": "", "ь": "", "ю": "iu", "я": "ia"})
_LATIN_SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("zh", "z"), ("kh", "h"), ("ts", "c"), ("ch", "c"), ("sh", "s"), ("ph", "f"),
    ("gh", "g"), ("dj", "dz"), ("j", "z"), ("x", "ks"), ("w", "v"), ("q", "k"), ("y", "i"),
)  # fmt: skip
# "…, г. Алматы" behind a name says where, not who.
_PLACE = re.compile(r"[\s,(]+(?:в\s+)?(?:г\.|г(?:ор(?:од)?)?\s)\s*[^\W\d_][\w-]+[\s.)]*$")
_TWICE = re.compile(r"(.)\1+")
_CYRILLIC = re.compile(r"[а-яәіңғүұқөһ]")


@lru_cache(maxsize=65_536)
def sound(word: str) -> str:
    """A lower-case word as it is spoken, in Latin letters; digits stay."""
    if not word.isascii() and _CYRILLIC.search(word):
        word = word.translate(_TO_CYRILLIC).translate(_SOUNDS)
    for written, spoken in _LATIN_SOUNDS:
        if written in word:
            word = word.replace(written, spoken)
    return word if word.isdigit() else _TWICE.sub(r"\1", word)


_FORM_SOUNDS = frozenset(sound(form) for form in _LONG_FORMS)


def _is_form(word: str) -> bool:
    return word in _FORMS or (len(word) > 5 and sound(word) in _FORM_SOUNDS)


def words(name: str) -> list[str]:
    """The sounds of a name's words in their order, without the legal form; [] when nothing is left."""
    found = _WORDS.findall(_PLACE.sub("", lower(name)))
    kept = [word for word in found if not _is_form(word)]
    # A bank's field that is too short cuts the form at the end.
    if len(kept) > 1 and len(name) >= 25 and any(form.startswith(kept[-1]) for form in _LONG_FORMS):
        kept.pop()
    kept = [word for word in kept if len(word) > 1 or word.isdigit()] + [
        word
        for word in found
        if len(word) == 1 and word.isalpha() and (word not in _FORMS or len(found) <= 4)
    ]
    return [spoken for spoken in map(sound, kept) if spoken]


def spoken_words(text: str) -> list[tuple[str, tuple[int, int]]]:
    """The sounds of the words of a text, legal forms left out, each with its place."""
    return [
        (sound(match.group()), match.span())
        for match in _WORDS.finditer(lower(text))
        if not _is_form(match.group())
    ]


def name_key(name: str) -> str:
    """A name without legal form, alphabet, punctuation and order of its words; '' when nothing is left."""
    return " ".join(sorted(words(name)))


def alike(one: str, other: str) -> float:
    """0 to 100: how much two names may mean the same; a part of a name is as good as the whole."""
    return fuzz.token_set_ratio(name_key(one), name_key(other))


class NameIndex:
    """Names by their words and by words with one letter left out, so that a misspelt name is a look-up.

    The cost of a question depends on how many names share two words with it, not on all names.
    """

    def __init__(self, names: dict[str, set[Hashable]]):
        self.names = names
        self._by_word: dict[str, list[str]] | None = None
        self._by_gap: dict[str, list[str]] = defaultdict(list)
        self._by_initials: dict[str, set[Hashable]] = defaultdict(set)
        self._known: dict[str, frozenset] = {}

    def _build(self) -> None:
        by_word = defaultdict(list)
        for name, partners in self.names.items():
            parts = name.split()
            for word in set(parts):
                by_word[word].append(name)
            if len(parts) in (2, 3) and all(len(part) > 1 for part in parts):
                for surname in parts:
                    letters = sorted(part[0] for part in parts if part is not surname)
                    self._by_initials[" ".join((surname, *letters))] |= partners
        for word in by_word:
            for gap in _gaps(word):
                self._by_gap[gap].append(word)
        self._by_word = by_word

    def find(self, name: str, threshold: int) -> frozenset:
        """The customers whose name is most like a name; several when they are too alike to tell.

        :param threshold: 0 to 100, what counts as alike.
        """
        key = name_key(name)
        if key not in self._known:
            if self._by_word is None:
                self._build()
            self._known[key] = self._find(key, threshold)
        return self._known[key]

    def _find(self, key: str, threshold: int) -> frozenset:
        parts = key.split()
        if any(len(part) == 1 for part in parts) and sum(len(part) > 1 for part in parts) == 1:
            surname = next(part for part in parts if len(part) > 1)
            letters = sorted(part for part in parts if len(part) == 1)
            return frozenset(self._by_initials.get(" ".join((surname, *letters)), ()))
        scored = sorted(
            ((self._score(key, parts, name), name) for name in self._near(parts)),
            key=lambda pair: (-pair[0], pair[1]),
        )
        if not scored or scored[0][0] < threshold:
            return frozenset()
        best = scored[0][0]
        # A second name that is nearly as much alike: nobody could tell.
        return frozenset(
            p for score, name in scored if score >= max(best - 6, threshold - 6) for p in self.names[name]
        )

    def _near(self, parts: list[str]) -> set[str]:
        """Names that share all words but one with the parts, each word with up to one letter changed."""
        groups = []
        for part in parts:
            near = {part} if part in self._by_word else set()
            for gap in _gaps(part):
                near.update(
                    word
                    for word in self._by_gap.get(gap, ())
                    if OSA.distance(part, word, score_cutoff=2) <= 2
                )
            groups.append({name for word in near for name in self._by_word[word]})
        if len(groups) == 1:
            return groups[0]
        counts: dict[str, int] = defaultdict(int)
        for group in sorted(groups, key=len):
            for name in group:
                counts[name] += 1
        least = max(1, len(groups) - 1)
        return {name for name, count in counts.items() if count >= least}

    @staticmethod
    def _score(key: str, parts: list[str], name: str) -> float:
        others = name.split()
        if sorted(p for p in parts if any(map(str.isdigit, p))) != sorted(
            o for o in others if any(map(str.isdigit, o))
        ):
            return 0
        if len(parts) != len(others):
            return 100 * OSA.normalized_similarity(key.replace(" ", ""), name.replace(" ", ""))
        left = list(others)
        changed = length = 0
        for part in parts:
            nearest = min(left, key=lambda other: OSA.distance(part, other))
            left.remove(nearest)
            changed += OSA.distance(part, nearest)
            length += max(len(part), len(nearest))
        return 100 * (1 - changed / length)


def _gaps(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))} if len(word) > 2 else {word}
