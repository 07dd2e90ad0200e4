"""What a payment's purpose mentions: our codes, document numbers, order numbers.

The rules come from real purposes (Russian, Kazakh, English). What only looks
like a number of ours (dates, tax invoices, contracts, accounts, tax ids, sums)
is cut out first; then a keyword ("счет", "invoice"…) may be followed by a list.
The reader knows no open items: whether a number is ours is looked up later,
by equality of whole tokens.
"""

import datetime
import re
from dataclasses import dataclass

from ..references import find as find_codes
from ..references import fold, is_valid
from .text import lower

INVOICE = "invoice"  # named by a keyword
TOKEN = "token"  # letters and digits in one token, without a keyword
BARE = "bare"  # "№ 12" without saying what
ORDER = "order"
TAX_INVOICE = "tax_invoice"
CODE = "code"

_SEEN = "\x01"  # a date was here: a list may go on after it
_STOP = "\x02"  # something that is not ours was here


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in the text. ``spread`` holds the members when it may be a range ("12-15")."""

    kind: str
    text: str
    span: tuple[int, int]
    date: datetime.date | None = None
    spread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extraction:
    mentions: tuple[Mention, ...]
    refund: bool = False

    def numbers(self, *kinds: str) -> list[str]:
        return [mention.text for mention in self.mentions if mention.kind in kinds]


_WORD = r"(?<![^\W_])"  # begins a word
_END = r"(?![^\W\d_])"  # ends a word; digits may be glued on
_NUMBER = r"[^\W_]+(?:[/\\-][^\W_]+)*"
_MARK = r"(?:№+|#|номер[а-я]*|(?:no|nr|num|n|н)(?=[\s.:]*[№\d])|n(?=\s*[^\W_]*\d))[\s.:]*"
_MONTHS = (
    r"(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)"
)
_MONTH_STEMS = ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август") + (
    "сентябр",
    "октябр",
    "ноябр",
    "декабр",
)

_DATE = re.compile(
    r"(?:" + _WORD + r"(?:от|dated|of)\s*)?"
    r"(?:(?<!\d)(?<!\d[.,/-])(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?![\d/])(?!-[^\W_])"
    r"|(?<![\d/-])(?P<iy>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?![\d/-])"
    r"|(?<!\d)(?P<wd>\d{1,2})\s+(?P<wm>" + _MONTHS + r")[а-я]*\s+(?P<wy>\d{4}|\d{2})(?!\d)"
    r"|" + _WORD + r"(?:от\s+|за\s+|в\s+)?20\d\d\s*(?:г\.|г(?![^\W_])|год[а-я]*))"
    r"(?:\s*г(?:ода?)?(?![^\W_])\.?)?"
)
_PERIOD = re.compile(r"(?<![\d./-])(?:0?[1-9]|1[0-2])[./]20\d\d(?![\d/-])")
_LONG = re.compile(
    r"(?<![^\W_])(?:kz\d{2}[a-z0-9]{16}|\d{12}|\d{20}|\+?[78][\s(-]*\d{3}[\s)-]*\d{3}[\s-]*\d{2}[\s-]*\d{2})(?![^\W_])"
)
_ACCOUNT = re.compile(
    _WORD + r"(?:л/?с|р/?с|р/?счет[а-я]*|иик|ии[кн]|iban|бин|bin|инн|унп|кпп|бик|кбе|кнп|кбк|тел|карт[аыуе]|"
    r"д\.|кв\.|оф\.|корп\.|пом\.|атм)" + _END + r"[\s.:№]*[^\W_]*[\d*][^\W_]*(?:[/\\-][^\W_]+)*"
)
_BANK_ACCOUNT_WORDS = re.compile(
    r"(?:" + _WORD + r"(?:со|на|из|(?:личн|карточн|расчетн|лицев|текущ|депозитн|банковск|сво)[а-я]+)\s+)$"
)
_TAX_INVOICE = re.compile(
    r"(?:"
    + _WORD
    + r"(?:сч[её]т[а-я]{0,2}[\s.-]*факт[а-я]*|сч[\s.]*[-/\\.]?\s*ф(?:акт[а-я]*)?"
    + r"|с[/\\.-]\s?ф|сф|э\.?сф|tax\s+invoices?)"
    + _END
    + r"\.?)"
)
_FOREIGN = re.compile(
    _WORD + r"(?<!-)(?:(?:гос)?(?:договор[а-я]*|контракт[а-я]*)|дог|contracts?|соглашени[а-я]*|agreement|"
    r"спец(?:ификац[а-я]*)?|сп|акт(?:у|а|ам|ов|ом|ы)?|авр|накладн[а-я]*|накл|ттн|тн|реестр[а-я]*|ведомост[а-я]*|"
    r"распределени[а-я]*|п/п|поручени[а-я]*|документ[а-я]*|приложени[а-я]*|лот[а-я]*|тендер[а-я]*|протокол[а-я]*|"
    r"доверенност[а-я]*|квитанци[а-я]*|чек[а-я]?|снт|келісім[а-я]*|шарт[а-яәіңғүұқөһ]*)" + _END + r"\.?"
)
_ORDER = re.compile(
    _WORD
    + r"(?<!-)(?:заказ[а-я]*(?:\s+(?:клиента|покупателя))?|заявк[а-я]*|sales?\s+order|order|тапсырыс[а-яі]*)"
    + _END
)
_INVOICE = re.compile(
    _WORD
    + r"(?:сч[её]т(?P<plural1>ам|ов|ами|ах)?(?:у|а|ом|е)?|счт|сч|инвойс(?P<plural2>ам|ов|ы)?[а-я]*"
    + r"|invoice(?P<plural3>s)?|inv"
    + r"|schet(?P<plural4>am|ov)?[a-z]{0,2}|шот(?P<plural5>тар)?[а-яәіңғүұқөһ]*)"
    + r"(?![^\W\d_])(?!\s*[-/]\s*факт)(?:-(?:договор|заказ|оферт)[а-я]*)?(?![/-])\.?"
)
_AFTER_KEYWORD = re.compile(
    r"(?:\s*(?:на\s+(?:пред)?оплату|к\s+оплате|for\s+payment|төлеуге))?[\s:" + _SEEN + r"]*"
)
_RANGE = re.compile(r"с\s*(?:№\s*)?(\d+)\s*по\s*(?:№\s*)?(\d+)(?![^\W_])")
_ITEM = re.compile(r"(?P<mark>" + _MARK + r")?(?P<number>" + _NUMBER + r")")
_SEPARATOR = re.compile(
    r"[\s" + _SEEN + r"]*(?:[,;+&]|и(?![^\W_])|and(?![^\W_])|және(?![^\W_]))[\s" + _SEEN + r"]*"
)
_NEXT_MARKED = re.compile(r"[\s" + _SEEN + r"]*(?=№|#)")
_UNIT = re.compile(
    r"\s*(?:%|₸|(?:шт|кг|м2|м3|м|т|тн|тонн[а-я]*|л|ед|уп|упак[а-я]*|тенге|тг|тыс|млн|kzt|руб[а-я]*|rub|rur|usd|eur|дн[а-я]*|"
    r"мес[а-я]*|чел[а-я]*)(?![^\W_]))"
)
_SUM = re.compile(r"(?:\d{1,3}(?: \d{3})+|\d{3,})(?:[.,]\d{2}(?![\d,])|-00(?!\d))")
_TOKENS = re.compile(r"[^\W_]+(?:[/\\_-][^\W_]+)*")
_BARE_MARK = re.compile(r"(?:№|#)\s*(?=[^\W_]*\d)")
_WORDS_BETWEEN = re.compile(r"(?:\s+(?!сч|инв|inv)[а-яa-z]{2,}){1,3}\s+(?=№|n\s|#)")
_REFUND = re.compile(_WORD + r"(?:возврат[а-я]*|refund|қайтар[а-яәіңғүұқөһ]*)" + r"(?![^\W_])")
_MAX_RANGE = 20


def extract(purpose: str) -> Extraction:
    """Read a purpose.

    :return: the mentions in their order of strength: codes, numbers after a
        keyword, orders, tokens, bare numbers. Tokens may overlap with others.
    """
    text = lower(purpose)
    mentions = _codes(text)
    refund = bool(_REFUND.search(text))
    dates: dict[int, datetime.date] = {}

    def seen(match: re.Match) -> str:
        date = _date_of(match)
        if date:
            dates[match.start()] = date
        return _SEEN * len(match.group())

    text = _DATE.sub(seen, text)
    text = _LONG.sub(_blank, text)
    text = _ACCOUNT.sub(_blank, text)
    text = _PERIOD.sub(_blank, text)
    text, found = _clauses(text, _TAX_INVOICE, TAX_INVOICE, dates)
    mentions += found
    text, _foreign = _clauses(text, _FOREIGN, "", dates)
    text, found = _clauses(text, _ORDER, ORDER, dates)
    mentions += found
    text, found = _invoices(text, dates)
    mentions += found
    taken = [mention.span for mention in found]
    mentions += _tokens(text)
    mentions += _bare(text, dates, taken)
    return Extraction(tuple(mentions), refund)


def _blank(match: re.Match) -> str:
    return _STOP * len(match.group())


def _codes(text: str) -> list[Mention]:
    # `find` decides what a code is; the places are found with its own rule.
    codes = set(find_codes(text))
    if not codes:
        return []
    return [
        Mention(CODE, fold(match.group()), match.span())
        for match in re.finditer(r"[^\W_]+", text)
        if fold(match.group()) in codes and is_valid(fold(match.group()))
    ]


def _date_of(match: re.Match) -> datetime.date | None:
    group = match.groupdict()
    try:
        if group["d"]:
            day, month, year = int(group["d"]), int(group["m"]), int(group["y"])
        elif group["iy"]:
            day, month, year = int(group["id"]), int(group["im"]), int(group["iy"])
        elif group["wd"]:
            stem = next((i for i, s in enumerate(_MONTH_STEMS, 1) if group["wm"].startswith(s)), 0)
            day, month, year = int(group["wd"]), stem, int(group["wy"])
        else:
            return None
        return datetime.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _clauses(text: str, keyword: re.Pattern, kind: str, dates: dict) -> tuple[str, list[Mention]]:
    """Cut out a keyword with the numbers that belong to it."""
    mentions = []
    position = 0
    while match := keyword.search(text, position):
        start = match.end()
        between = _WORDS_BETWEEN.match(text, start)
        if between and not kind:
            start = between.end()
        if not kind and (
            odd := re.compile(r"[\s:]*(?:№|n)?\s*(?:б/н|[а-яa-z]\s+\d[^\s,]*)").match(text, start)
        ):
            end, found = odd.end(), []
        else:
            # "23.05" is a contract's number, but only a contract's.
            end, found = _list(text, start, kind or "foreign", dates, plural=True, dotted=not kind)
        mentions += [mention for mention in found if kind]
        if found or end > start:
            text = text[: match.start()] + _STOP * (end - match.start()) + text[end:]
        position = max(end, match.end())
    return text, mentions


def _invoices(text: str, dates: dict) -> tuple[str, list[Mention]]:
    mentions = []
    position = 0
    while match := _INVOICE.search(text, position):
        position = match.end()
        after = _AFTER_KEYWORD.match(text, position)
        if _BANK_ACCOUNT_WORDS.search(text[: match.start()]) and "оплат" not in after.group():
            token = re.compile(r"\s*" + _NUMBER).match(text, position)
            if token:
                text = text[:position] + _STOP * (token.end() - position) + text[token.end() :]
            continue
        plural = any(value for name, value in match.groupdict().items() if name.startswith("plural"))
        end, found = _list(text, after.end(), INVOICE, dates, plural)
        mentions += found
        position = max(position, end if found else 0)
    return text, mentions


def _list(text, position, kind, dates, plural, dotted=False) -> tuple[int, list[Mention]]:
    """Numbers from a position on: "12, 13 и 15", "№1,№2", "с 10 по 14", "12-15"."""
    skip = re.compile(r"[\s:." + _SEEN + r"]*").match(text, position)
    position = end = skip.end()
    if match := _RANGE.match(text, position):
        first, last = int(match.group(1)), int(match.group(2))
        if first < last <= first + _MAX_RANGE - 1:
            return match.end(), [Mention(kind, str(n), match.span()) for n in range(first, last + 1)]
    found: list[Mention] = []
    while match := _ITEM.match(text, position):
        number = match.group("number")
        stop = match.end()
        if dotted and (dot := re.compile(r"\.\d+").match(text, stop)):
            number, stop = number + dot.group(), dot.end()
        if not any(char.isdigit() for char in number) or _UNIT.match(text, stop):
            break
        if found and not match.group("mark"):
            blank = text[position - 1] == " "
            if _shape(number) != _shape(found[0].text):
                break
            if blank and not plural and _SUM.match(text, position):
                break
        date = next((dates[place] for place in range(stop, min(stop + 3, len(text))) if place in dates), None)
        found.append(Mention(kind, number, (match.start("number"), stop), date, _spread(number)))
        end = stop
        separator = _SEPARATOR.match(text, stop) or _NEXT_MARKED.match(text, stop)
        if not separator:
            break
        position = separator.end()
    return end, found


def _shape(number: str) -> str:
    return "".join(re.findall(r"[^\W\d_]+|[/\\-]", number))


def _spread(number: str) -> tuple[str, ...]:
    match = re.fullmatch(r"(\d+)-(\d+)", number)
    if not match or match.group(1).startswith("0"):
        return ()
    first, last = int(match.group(1)), int(match.group(2))
    if first < last <= first + _MAX_RANGE - 1:
        return tuple(str(n) for n in range(first, last + 1))
    return ()


def _tokens(text: str) -> list[Mention]:
    return [
        Mention(TOKEN, match.group(), match.span())
        for match in _TOKENS.finditer(text)
        if len(match.group()) >= 5
        and any(char.isdigit() for char in match.group())
        and any(char.isalpha() for char in match.group())
    ]


def _bare(text: str, dates: dict, taken: list[tuple[int, int]]) -> list[Mention]:
    mentions = []
    whole = re.fullmatch(r"\W*(" + _NUMBER + r")\W*", text)
    if whole and any(char.isdigit() for char in whole.group(1)):
        mentions.append(Mention(BARE, whole.group(1), whole.span(1)))
    for match in _BARE_MARK.finditer(text):
        _end, found = _list(text, match.start(), BARE, dates, plural=False)
        mentions += [
            mention
            for mention in found
            if not any(start <= mention.span[0] < end for start, end in taken)
            and mention.span not in [other.span for other in mentions]
        ]
    return mentions
