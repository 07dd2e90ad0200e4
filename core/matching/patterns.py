"""The words and shapes that purposes are made of; all patterns meet a text in lower case (`text.lower`)."""

import re

SEEN = "\x01"  # a date was here: a list may go on after it
STOP = "\x02"  # something that is not ours was here

_KAZAKH = "а-яәіңғүұқөһ"
_WORD = r"(?<![^\W_])"  # begins a word
_END = r"(?![^\W\d_])"  # ends a word; digits may be glued on
NUMBER = r"[^\W_]+(?:[/\\-][^\W_]+|(?<=\d)\s?[/\\]\s?\d[^\W_]*)*"
_MARK = (
    r"(?:№(?:\s?№)?|#|n°|номер[а-я]*|н[өо]м[еі]р[іi]?|(?:no|nr|num|n|н)(?=[\s.:]*[№\d])"
    r"|(?:no|nr|n|н)(?=[\s.:]*(?:[^\W\d_]{1,5}[/\\-]?)?\d))[\s.:(\"«'“]*"
)
MONTH_STEMS = (
    *("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август"),
    *("сентябр", "октябр", "ноябр", "декабр"),
)
_MONTHS = r"(?:январ|феврал|март|апрел|ма[йя]|июн|июл|август|сентябр|октябр|ноябр|декабр)[а-я]*"

DATE = re.compile(
    r"(?=[оdoзв\d])(?:" + _WORD + r"(?:от|ot|dated|dd|of)\s*|(?<=\d)от\s*|(?<=[/\\-][^\W\d_])от\s*)?"
    r"(?:(?<!\d)(?<!\d[.,/-])(?P<d>\d{1,2})(?P<s>[./-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})(?![\d/])(?!-[^\W_])"
    r"|(?<![\d/-])(?P<iy>20\d\d)-(?P<im>\d\d)-(?P<id>\d\d)(?![\d/-])"
    r"|(?<!\d)(?P<wd>\d{1,2})\s+(?P<wm>" + _MONTHS + r")\s+(?P<wy>\d{4}|\d{2})(?!\d)"
    r"|(?<=от)\s(?P<pd>\d{1,2})[./](?P<pm>\d{1,2})(?![\d./])"
    r"|" + _WORD + r"(?:от\s+|за\s+|в\s+)?(?P<py>20\d\d)\s*(?:г\.|г(?![^\W_])|год[а-я]*|жыл[а-яғы]*)"
    r"|" + _WORD + r"от\s+(?P<oy>20\d\d)(?![^\W_]|\s?[./\\-]))"
    r"(?:\s*(?:г(?:ода?)?|ж)(?![^\W_])\.?)?"
)
PERIOD = re.compile(r"(?<![\d./№-])(?<!№ )(?:0?[1-9]|1[0-2])[./]20\d\d(?![\d/-])")
_PHONE = (
    r"(?:\+7[\s(-]*\d{3}[\s)-]*|8[\s-]?\(\d{3}\)\s?|8[\s-]7\d\d[\s-])\d{3}[\s-]?\d{2}[\s-]?\d{2}|[78]7\d{9}"
)
LONG = re.compile(r"(?<![^\W_])(?<![/-])(?:kz\d{2}[a-z0-9]{16}|\d{12}|\d{20}|" + _PHONE + r")(?![^\W_])")
ACCOUNT = re.compile(
    _WORD + r"(?:л/?с|р/?с|р/?счет[а-я]*|иик|ии[кн]|жсн|бсн|iban|бин|bin|инн|унп|кпп|бик|кбе|кнп|кбк|тел|"
    r"карт[аыуе]|д\.|кв\.(?!\s*20\d\d(?!\d))|оф\.|корп\.|пом\.|атм)"
    + _END
    + r"[\s.:№]*[^\W_]*[\d*][^\W_]*(?:[/\\-][^\W_]+)*"
)
BANK_ACCOUNT_WORDS = re.compile(
    r"(?:"
    + _WORD
    + r"(?:со|на|из|(?:личн|карточн|расчетн|лицев|текущ|депозитн|банковск|сво|транзитн|учетн|абонентск"
    r"|корреспондентск|бухгалтерск|балансов|пополнени|открыти|закрыти|ведени|обслуживани)[а-я]+)\s+"
    r"|" + _WORD + r"(?:корр?|карт|эскроу|бух|спец|дебет[а-я]?|кредит[а-я]?|дт|кт)[\s./-]+)$"
)
TAX_INVOICE = re.compile(
    r"(?:"
    + _WORD
    + r"(?:сч[её]т[а-я]{0,2}[\s.-]*факт[а-я]*|сч[\s.]*[-/\\.]?\s*ф(?:акт[а-я]*)?|шот[\s.-]*фактура[а-я]*"
    + r"|sche?t[a-z]?[\s-]*fa[ck]tur[a-z]*"
    + r"|с[/\\.-]\s?ф|сф|э\.?сф|tax\s+invoices?)"
    + _END
    + r"\.?)"
)
# Documents of others; their numbers are none of ours.
FOREIGN = re.compile(
    _WORD
    + r"(?<!-)(?:(?:гос)?(?:догов[а-я]*|контр(?:акт[а-я]*|[-.]?т[а-я]?)?)|дог(?:[-.]?р[а-я]?)?|contracts?|"
    r"соглашени[а-я]*|agreement|dog(?:ovor[a-z]*)?|артикул[а-я]*|арт|модел[а-я]*|спец(?:ификац[а-я]*|[-.]?[а-я]{1,3})?|сп|акт(?:у|а|ам|ов|ом|ы|[іi]|[іi]с[іi])?|akt[a-z]?|nakladn[a-z]*|waybill|жүкқұжат[а-яы]*|авр|накладн[а-я]*|накл|ттн|тн|реестр[а-я]*|ведомост[а-я]*|"
    r"распределени[а-я]*|п/п|поручени[а-я]*|документ[а-я]*|приложени[а-я]*|лот[а-я]*|тендер[а-я]*|протокол[а-я]*|"
    r"доверенност[а-я]*|квитанци[а-я]*|чек[а-я]?|серийн[а-я]*(?:\s+номер[а-я]*)?|serial|s/n|полис[а-я]*|policy|письм[а-я]*|"
    r"гос(?:номер[а-я]*)?|г/н|vin|лицензи[а-я]*|сертификат[а-я]*|патент[а-я]*|паспорт[а-я]*|заявлени[а-я]*|постановлени[а-я]*|"
    r"лист[а-я]?|дел[оау]|вагон[а-я]*|контейнер[а-я]*|рейс[а-я]*|объект[а-я]*|школ[а-я]*|магазин[а-я]*|склад[а-я]*|цех[а-я]*|"
    r"участ(?:ок|к[а-я]+)|этап[а-я]*|скважин[а-я]*|парти[ияй]|корпус[а-я]*|павильон[а-я]*|бутик[а-я]*|палат[а-я]*|снт|келісім[а-я]*|шарт["
    + _KAZAKH
    + r"]*)"
    + _END
    + r"\.?"
)
# "договору поставки 12": what kind of contract it is stands between the word and the number.
CONTRACT_KIND = re.compile(
    r"(?:\s+(?:поставк|аренд|услуг|подряд|оказани|купли|продаж|перевоз|страхован|займ|обслуживан|работ|лизинг|хранен|найм|"
    r"возмездн|на)[а-я-]*){1,4}\s+(?=[^\s" + SEEN + STOP + r"]*\d)"
)
WITHOUT_NUMBER = re.compile(r"[\s:]*(?:№|n)?\s*(?:б/н|[а-яa-z]\s+\d[^\s,]*)")
# "кроме счета 12", "пеня по счету 12": what is not paid, or something else that is paid beside it.
NOT_PAID = re.compile(
    _WORD + r"(?:(?:кроме|исключая|за\s+исключением|except(?:\s+for)?|excluding|не\s+(?:по|за))"
    r"|(?:пен[яиюеёй]+|штраф[а-я]*|неустойк[а-я]*)(?:\s+(?:по|за|к|на))?)"
    r"(?:\s+(?:сч[её]?т?[а-я]{0,3}|инв[а-я]*|inv[a-z]*)\.?)?" + _END
)
ORDER = re.compile(
    _WORD
    + r"(?<!-)(?:заказ[а-я]*(?:\s+(?:клиента|покупателя))?|заявк[а-я]*|"
    + r"sales?\s+order|order|zakaz[a-z]*|тапсырыс[а-яі]*)"
    + _END
)
INVOICE = re.compile(
    r"(?:"
    + _WORD
    + r"|(?<=[^\W_]по))"
    + r"(?:(?:сч[её]т(?P<plural1>ам|ов|ами|ах|тар[а-яі]*)?(?:у|а|ом|е|қа|ка|пен|тан|тың)?"
    + r"|сч-та?у?|счт|сч|инв|инвойс(?P<plural2>ам|ов|ы)?[а-я]*"
    + r"|шот(?P<plural5>тар)?["
    + _KAZAKH
    + r"]*)(?:(?![^\W\d_])|(?=[a-z]{1,6}[/-]?\d))"
    + r"|(?:invoice(?P<plural3>s)?|inv|sche?t(?P<plural4>am|ov)?[a-z]{0,2}|sch)(?![^\W\d_]))"
    + r"(?!\s*[-/]\s*факт)(?:-(?:договор|заказ|оферт)[а-я]*)?(?:(?![/-])|[/-](?=\d)(?<![a-z].))\.?"
)
AFTER_KEYWORD = re.compile(
    r"(?:\s*(?:на\s+(?:пред)?опл(?:ату|\.)?|к\s+оплате|for\s+payment|na\s+oplatu|төлеуге))?"
    r"(?:\s+(?:покупател|клиент|заказчик|поставщик|выставлен)[а-я]+(?=\s*(?:№|#|n\s)))?[\s:=_(\"«'“"
    + SEEN
    + r"]*"
)
RANGE = re.compile(
    r"с\s*(?:№\s*)?(?P<first>" + NUMBER + r")\s*по\s*(?:№\s*)?(?P<last>" + NUMBER + r")(?![^\W_])"
)
RANGE_ON = re.compile(
    r"\s*(?:\s-\s?|-\s|\sпо\s|\sдо\s|\.\.\.?|…)\s*(?:№\s*)?(?P<last>" + NUMBER + r")(?![^\W_])"
)
ITEM = re.compile(r"(?P<mark>" + _MARK + r")?(?P<number>" + NUMBER + r")")
# "БП 163": letters of a number apart from its digits; "2026 00012": its year apart from its count.
APART = re.compile(r"\s(?=\d)" + NUMBER)
AFTER_YEAR = re.compile(r"\s0\d{2,7}(?![^\W_])")
YEAR = re.compile(r"(?:.*[^\W\d_]\s)?20\d\d$")
NO_PREFIX = frozenset(
    (
        "ot",
        "za",
        "na",
        "po",
        "от",
        "за",
        "на",
        "по",
        "в",
        "и",
        "г",
        "с",
        "к",
        "до",
        "не",
        "без",
        "из",
        "of",
        "and",
        "dated",
    )
)
SEPARATOR = re.compile(
    r"[\s" + SEEN + r"]*(?:[,;+&]|и(?![^\W_])|and(?![^\W_])|және(?![^\W_]))[\s" + SEEN + r"]*"
)
# "№ 12 (100 000,00), № 13": what belongs to a number of a list is skipped before the next.
BESIDE = re.compile(
    r"[\"»'”]*\s*(?:\([^()]{0,40}\)|(?:[-:]|на)\s*(?:сумму\s*)?(?:[\d ]+(?:[.,]\d\d)?|"
    + STOP
    + r"+)|"
    + STOP
    + r"+)?(?=[\s"
    + SEEN
    + r"]*(?:[,;+&]|и\s|$)[\s"
    + SEEN
    + r"]*(?:№|#|n\s))"
)
NEXT_MARKED = re.compile(r"[\s" + SEEN + r"]*(?=№|#)")
UNIT = re.compile(
    r"\s*(?:[%₸$€]|(?:из|of)\s+\d|кв(?:артал[а-я]*|\.?\s*(?=20\d\d|" + SEEN + r"))|" + _MONTHS + r"(?![^\W_])"
    r"|(?:шт|кг|м2|м3|м|т|тн|л|ед|уп|тг|тыс|млн|kzt|rub|rur|usd|eur|дана"
    r"|(?:штук|тонн|упак|тенге|руб|дн|мес|чел|компл|пар|рул|меш|рейс|лист|короб|пачк|бухт|час"
    r"|полугод|числ|позици|недел|сут|смен|экз|ящик|литр|метр|мкр|микрорайон)[а-я]*)(?![^\W_]))"
    r"|(?<=[^\W_])\s(?=000(?!\d))"
)
# "INV/2026/00012 USD": what begins so is no quantity, whatever follows.
OUR_SHAPE = re.compile(r"[^\W\d_]+[/\\-]\d")
SUM = re.compile(r"(?:\d{1,3}(?:[ ,']\d{3})+|\d{3,})(?:[.,]\d{2}(?![\d,])|[-=]00(?!\d))")
MONEY = re.compile(
    r"(?:"
    + _WORD
    + r"(?:на\s+)?(?:сумм[а-я]*|summ[a-z]*|amount|сома[а-яы]*|размере|"
    + r"ндс|ққс|vat|nds)[\s:(-]*(?:\d{1,2}\s*%[\s:)-]*)?(?:\d[\d ,.'=-]*)"
    r"|(?<![^\W_])(?<![/-])(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,]\d+)?\s*"
    r"(?:тенге|тг|kzt|₸|тыс|млн|руб[а-я]*|rub|rur|usd|eur)(?![^\W_]))"
)
TOKENS = re.compile(r"[^\W_]+(?:[/\\_-][^\W_]+|\s?[/\\]\s?\d[^\W_]*)*")
# "№ 12 шот бойынша": in Kazakh the number stands before the word.
NUMBER_FIRST = re.compile(
    r"(?:№|#)\s*(?P<number>"
    + NUMBER
    + r")\s+(?:н[өо]м[еі]рл[іi]\s+)?шот(?!\s*[-]?\s*фактура)["
    + _KAZAKH
    + r"]*(?!\s*(?:№|#|\d|н[өо]м))"
)
NUMBER_HYPHEN = re.compile(
    r"(?<![^\W_])(?<![/\\.,-])(?P<number>\d{1,9})-шот(?!\s*-?\s*фактура)["
    + _KAZAKH
    + r"]*(?!\s*(?:№|#|\d|н[өо]м))"
)
# "731-500,00": the sum stands behind a hyphen.
WITH_SUM = re.compile(r"(?P<number>\d+)-\d+$")
CENTS = re.compile(r"[.,]\d\d(?![\d.,]\d)")
# What may be one of our payment codes (`references` says what is), and where tokens may be.
CODE = re.compile(_WORD + r"[^\W\d_][\dз][^\W_]{5,7}(?![^\W_])")
# The same typed in two pieces, or behind a word that belongs to it: "H99-T2Y4", "реф.H99T2Y4", "кодH99T2Y4".
CODE_IN_TWO = re.compile(_WORD + r"(?P<one>[^\W\d_][\dз][^\W_]{0,4})[ -](?P<two>[^\W_]{2,6})(?![^\W_])")
CODE_BEHIND = re.compile(
    _WORD + r"(?:реф(?:еренс[а-я]*)?|код[а-я]?|ref|code|оплата|по)(?P<one>[^\W\d_][\dз][^\W_]{5,7})(?![^\W_])"
)
WITH_DIGIT = re.compile(r"(?:[^\s\d]+\s?[/\\]\s)?[^\s\d]*\d\S*(?:\s?[/\\]\s?\d\S*)*")
BARE_MARK = re.compile(r"(?:№|#)\s*(?=[^\W_]*[/\\-]?[^\W_]*\d)")
# Letters of two alphabets in one word.
MIXED = re.compile(r"[^\W\d_]*(?:[а-я][aceopxykmhtb]|[aceopxykmhtb][а-я])[^\W\d_]*")
# A word before a number that may be a misspelt keyword.
BEFORE_NUMBER = re.compile(_WORD + r"(?P<word>[а-яa-z]{3,8})[\s.]+(?=(?:№|#|n\s|номер\s)?\s*\d)")
MISSPELT = ("счет", "счету", "счета", "счетам", "инвойс", "инвойсу", "invoice", "schet", "schetu")
NOT_MISSPELT = frozenset(("свет", "свету", "света", "сета", "сету", "чет", "щит", "смету", "цвета", "совет"))
WORDS_BETWEEN = re.compile(r"(?:\s+(?!сч|инв|inv)[а-яa-z]{2,}){1,3}\s+(?=№|n\s|#)")
REFUND = re.compile(
    _WORD + r"(?:возврат[а-я]*|ошибочн[а-я]*|refund|vozvrat|қайтар[а-яәіңғүұқөһ]*)" + r"(?![^\W_])"
)
# "за вычетом возврата": goods came back, the money is not a refund.
NO_REFUND = re.compile(r"(?:учетом|вычетом|минусом|минус|less|net of)\s+(?:[^\W\d_]+\s+){0,2}$")
# Words that are glued to the end of a number: "00012за товар".
GLUED_ON = re.compile(r"(?<=\d)(?:за|от|на|по|для|без|ндс|тоо|ооо|ип|сумма|согл|дог|договор|счет)$")
# A word before a number in the other alphabet: "оплатаinv/2026/00012".
GLUED_BEFORE = re.compile(
    r"(?:по|за|на|от|опл(?:ата?)?|счет(?:ам|ов|у|а)?|сч|инвойс|номер|реф|согласно)(?=[a-z]{1,6}[/-]?\d)"
)
# A keyword before a number in the same alphabet: "счбп-0163".
GLUED_KEYWORD = re.compile(r"(?:по)?(?:счет(?:ам|ом|ов|у|а|е)?|сч|инв|no|n)(?=[а-яa-z]{1,5}[/-]?\d)")
