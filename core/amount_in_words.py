"""An amount of money in words, as documents in Kazakhstan and Russia write it: hundredths in digits.

    Сто пятьдесят одна тысяча двести тенге 00 тиын
    Жүз елу бір мың екі жүз теңге 00 тиын
    One hundred and fifty-one thousand, two hundred tenge 00 tiyn

The cardinal number comes from num2words; its currency mode is not used, because it takes a whole number for
cents, writes the cents in words and declines what the practice of Kazakhstan does not decline (тиын).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words

LANGUAGES = ("ru", "kk", "en")
#: our language -> the code of num2words
_NUM2WORDS = {"ru": "ru", "kk": "kz", "en": "en"}
_MINUS = {"ru": "минус", "kk": "минус", "en": "minus"}


@dataclass(frozen=True, slots=True)
class _Unit:
    """Forms of a word: Russian (1, 2-4, 5+), Kazakh (it has one), English (1, many); the Russian gender."""

    ru: tuple[str, str, str]
    kk: str
    en: tuple[str, str]
    gender: str = "m"


def _same(word: str) -> tuple[str, str, str]:
    return (word, word, word)


_CENT = _Unit(("цент", "цента", "центов"), "цент", ("cent", "cents"))
_KOPECK = _Unit(("копейка", "копейки", "копеек"), "копейка", ("kopeck", "kopecks"))
_UNITS = {
    "KZT": (
        _Unit(_same("тенге"), "теңге", ("tenge", "tenge")),
        # After digits тиын stays as it is: "45 тиын" is what every form in the country says.
        _Unit(_same("тиын"), "тиын", ("tiyn", "tiyn")),
    ),
    "RUB": (_Unit(("рубль", "рубля", "рублей"), "рубль", ("rouble", "roubles")), _KOPECK),
    "BYN": (
        _Unit(
            ("белорусский рубль", "белорусских рубля", "белорусских рублей"),
            "беларусь рублі",
            ("Belarusian rouble", "Belarusian roubles"),
        ),
        _KOPECK,
    ),
    "KGS": (
        _Unit(("сом", "сома", "сомов"), "сом", ("som", "som")),
        _Unit(("тыйын", "тыйына", "тыйынов"), "тыйын", ("tyiyn", "tyiyn")),
    ),
    "UZS": (
        _Unit(("сум", "сума", "сумов"), "сум", ("sum", "sum")),
        _Unit(("тийин", "тийина", "тийинов"), "тийин", ("tiyin", "tiyin")),
    ),
    "USD": (
        _Unit(("доллар США", "доллара США", "долларов США"), "АҚШ доллары", ("US dollar", "US dollars")),
        _CENT,
    ),
    "EUR": (_Unit(_same("евро"), "еуро", ("euro", "euros")), _CENT),
    "CNY": (
        _Unit(("юань", "юаня", "юаней"), "юань", ("yuan", "yuan")),
        _Unit(("фэнь", "фэня", "фэней"), "фэнь", ("fen", "fen")),
    ),
    "UAH": (
        _Unit(("гривна", "гривны", "гривен"), "гривна", ("hryvnia", "hryvnias"), gender="f"),
        _KOPECK,
    ),
}


def _form(unit: _Unit, lang: str, number: int) -> str:
    if lang == "kk":
        return unit.kk
    if lang == "en":
        return unit.en[0 if number == 1 else 1]
    if number % 100 in range(11, 15):
        return unit.ru[2]
    return unit.ru[{1: 0, 2: 1, 3: 1, 4: 1}.get(number % 10, 2)]


def _cardinal(number: int, lang: str, gender: str) -> str:
    options = {"gender": gender} if lang == "ru" else {}
    return num2words(number, lang=_NUM2WORDS[lang], **options)


def number_in_words(number: int, lang: str) -> str:
    """A count in words, first letter small; Russian in the neuter ("двадцать одно наименование")."""
    return _cardinal(number, lang, "n")


def amount_in_words(amount: Decimal, currency: str, lang: str) -> str:
    """The amount in words, the first letter a capital, the hundredths in two digits.

    :param amount: in units of the currency (150000 is one hundred and fifty thousand), rounded half up to
        hundredths; anything that is no Decimal is refused, floats are not money.
    :param currency: ISO 4217 code; one that has no words here is written as the code with "00/100".
    :param lang: ``ru``, ``kk`` or ``en``.
    :raises ValueError: for another language; ``TypeError``: for another type of amount.
    """
    if not isinstance(amount, Decimal):
        raise TypeError("an amount of money is a Decimal")
    if lang not in LANGUAGES:
        raise ValueError(f"no words in the language {lang!r}")
    hundredths = int((abs(amount) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    whole, rest = divmod(hundredths, 100)
    if currency in _UNITS:
        unit, part = _UNITS[currency]
        words = f"{_cardinal(whole, lang, unit.gender)} {_form(unit, lang, whole)}"
        tail = f"{rest:02d} {_form(part, lang, rest)}"
    else:
        words, tail = f"{_cardinal(whole, lang, 'm')} {currency}", f"{rest:02d}/100"
    if amount < 0 and hundredths:
        words = f"{_MINUS[lang]} {words}"
    return f"{words[0].upper()}{words[1:]} {tail}"
