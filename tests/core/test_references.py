"""The payment code: unique, typed on any keyboard, every slip noticed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import references

NUMBERS = list(range(60)) + [10**k + 7 for k in range(3, 9)]


def test_numbers_have_codes_of_their_own():
    codes = {references.make(number) for number in range(20_000)}
    assert len(codes) == 20_000


@given(st.integers(0, 4 * 10**9), st.integers(0, 4 * 10**9))
def test_two_numbers_never_share_a_code(one, other):
    assert (references.make(one) == references.make(other)) == (one == other)


def test_codes_grow_when_seven_characters_are_used_up():
    last = len(references.LETTERS) * len(references.DIGITS) * len(references.ALPHABET) ** 4 - 1
    assert len(references.make(last)) == 7
    assert len(references.make(last + 1)) == 8
    with pytest.raises(ValueError):
        references.make(10**11)
    with pytest.raises(ValueError):
        references.make(-1)


def sealed(body):
    """The body with the one last symbol that makes it a code."""
    (code,) = [body + last for last in references.ALPHABET if references.is_valid(body + last)]
    return code


def allowed(place, length):
    return {0: references.LETTERS, 1: references.DIGITS}.get(place, references.ALPHABET)


@pytest.mark.parametrize("length", [7, 8, 9])
def test_every_single_substitution_is_noticed_in_every_place(length):
    """All places, all pairs of symbols. The check sum is linear: what stands elsewhere does not matter,
    which the random bodies of the next test bear out."""
    for place in range(length - 1):
        for symbol in allowed(place, length):
            body = "A2" + "BCEHKMP"[: length - 3]
            code = sealed(body[:place] + symbol + body[place + 1 :])
            for other in references.ALPHABET:
                if other != symbol:
                    assert not references.is_valid(code[:place] + other + code[place + 1 :])
    code = sealed("A2" + "BCEHKMP"[: length - 3])
    wrong = set(references.ALPHABET) - {code[-1]}
    assert not any(references.is_valid(code[:-1] + other) for other in wrong)


@pytest.mark.parametrize("length", [7, 8, 9])
def test_every_swap_of_neighbours_is_noticed_for_every_pair_of_symbols(length):
    for place in range(length - 2):
        for one, two in itertools.permutations(references.ALPHABET, 2):
            if one not in allowed(place, length) or two not in allowed(place + 1, length):
                continue
            body = "A2" + "BCEHKMP"[: length - 3]
            code = sealed(body[:place] + one + two + body[place + 2 :])
            assert not references.is_valid(code[:place] + two + one + code[place + 2 :])
    # the last symbol and the one before it
    for symbol in references.ALPHABET:
        code = sealed("A2" + "BCEHKMP"[: length - 4] + symbol)
        swapped = code[:-2] + code[-1] + code[-2]
        assert swapped == code or not references.is_valid(swapped)


@given(st.integers(0, 4 * 10**9), st.data())
def test_every_slip_in_any_code_is_noticed(number, data):
    code = references.make(number)
    for place, symbol in itertools.product(range(len(code)), references.ALPHABET):
        if symbol != code[place]:
            assert not references.is_valid(code[:place] + symbol + code[place + 1 :])
    one, two = data.draw(st.lists(st.integers(0, len(code) - 1), min_size=2, max_size=2, unique=True))
    symbols = list(code)
    symbols[one], symbols[two] = symbols[two], symbols[one]
    swapped = "".join(symbols)
    assert swapped == code or not references.is_valid(swapped)


#: each symbol, and what else on a keyboard looks like it
TWINS = {
    "A": "AaАа", "B": "BbВв", "C": "CcСс", "E": "EeЕе", "H": "HhНнҢңҺһ", "K": "KkКкҚқ", "M": "MmМм",
    "P": "PpРр", "T": "TtТт", "X": "XxХх", "Y": "YyУуҮүҰұ", "3": "3Зз３",
}  # fmt: skip


def test_each_look_alike_is_the_same_symbol():
    for symbol, twins in TWINS.items():
        assert {references.fold(twin) for twin in twins} == {symbol}


def test_any_mixture_of_keyboards_and_cases_gives_the_same_code():
    code = "K3" + "AEYH"
    code = sealed(code)
    variants = itertools.product(*(TWINS.get(symbol, symbol) for symbol in code))
    count = 0
    for variant in variants:
        assert references.find("".join(variant)) == [code]
        count += 1
    assert count > 5_000


@given(st.integers(0, 10**7))
def test_a_code_typed_in_cyrillic_is_the_same_code(number):
    code = references.make(number)
    cyrillic = code.translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
    assert references.find(f"оплата по счету, код {cyrillic.lower()}.") == [code]


def test_words_and_numbers_are_no_codes():
    text = (
        "КОМНАТА ТЕТРАДЬ МАМА ВЕТЕРАН СМЕТАНА 2026112 1234567 KZ79722S000001674774 ЖШС НЕХВАТКА КАРКАС ҚҰРМЕТ"
    )
    assert references.find(text) == []


# The second symbol of a code is a digit, so of words without digits only those with З in second place
# could ever be one: ordinary ones of seven to nine letters are here, with words of payments.
WORDS = """
взаимно взаимный взаимность взвесить взвешен взглянуть вздохнуть взлетать взнос взносов взносами
взыскание взыскать взятие взятка азартный азбучный азербайджан азиатский узаконить узбекистан узловой
узнавать узнаваемый узорный узость кзыл мзда озабочен озеленение озимые озвучка изба избранный изделие
изделия издание издержки изменение измерение изоляция изъятие ознакомление зза тзс хзо рзу азамат
азаматтар азаматша азайту азайған ұзақтық ұзартылды ұзартылған үзінді үзіліс үзілмейтін үздіксіз қызмет
қызметтер қазақстан қазан казахстан төлем төлемақы тауар тауарлар шарт келісім бойынша есеп айырысу
қосылған құн салығы жеткізу сатып алу аванс авансовый авансы оплата оплачено предоплата поставка материал
материалы услуги счёт счета счетам договору договора номер каркас комната тетрадь техника ремонт аренда
реклама скатерть сметана ветеран команда камера хаката кухарка математика механика карамель мерсерка
тематика кассета камертон танкетка акварель меркантка
""".split()  # noqa: SIM905


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_ordinary_russian_and_kazakh_words_are_no_codes(case):
    assert [word for word in WORDS if references.find(case(word))] == []


def test_words_of_the_symbols_alone_are_no_codes_unless_the_second_letter_is_a_z():
    """The first is a letter, the second a digit: КАРКАС or ТЕХНАРЬ cannot be one by their build."""
    for word in ("КАРКАС", "МАТЕРКА", "ТЕХКАРТА", "НЕХВАТКА", "КАТЕХЕТ", "АВТОКАР", "САМАРА"):
        assert references.find(word) == []
    for first, second in itertools.product(references.LETTERS, references.LETTERS):
        for last in references.ALPHABET:
            assert not references.is_valid(f"{first}{second}ACEHK{last}"[:7] if last else "")


def test_a_code_counts_as_a_whole_token_only():
    code = references.make(42)
    assert references.find(f"№{code}, {code}/1 и реф.{code};") == [code]
    assert references.find(f"X{code} {code}9 А{code}А") == []


def test_codes_come_in_their_order():
    first, second = references.make(1), references.make(2)
    assert references.find(f"{second} {first} {second}") == [second, first]


@given(st.text())
def test_any_text_may_come(text):
    for code in references.find(text):
        assert references.is_valid(code)
