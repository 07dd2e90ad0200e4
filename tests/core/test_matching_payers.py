"""Who pays: BIN, account, what was learned, names in other spellings; and when nobody can tell."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.matching import APPLIED, MANUAL, SUGGESTED, OpenItem, Payer, Settings, Transaction, match
from core.matching.names import NameIndex, name_key, sound
from core.matching.reasons import EARNABLE

DAY = datetime.date(2026, 11, 21)
BIN_A, BIN_B = "971240001315", "200840000951"


def bill(number="INV/2026/00012", partner=1, amount="200", **values):
    return OpenItem((number, partner), partner, "invoice", number, Decimal(amount), "KZT", date=DAY, **values)


def pay(purpose="", amount="200", **values):
    return Transaction(1, DAY, Decimal(amount), "KZT", purpose, **values)


def decide(transaction, items, payers, settings=None):
    return match([transaction], items, payers, settings)[0]


@pytest.mark.parametrize(
    "shown",
    [
        "ТОО «Құрылыс Сервис»",
        '"КУРЫЛЫС СЕРВИС" ТОО',
        "Kurylys Servis LLP",
        "Товарищество с ограниченной ответственностью Құрылыс-Сервис",
        "Сервис Құрылыс, жауапкершілігі шектеулі серіктестігі",
        "TOO Kurylys Servis",
        "Tovarishchestvo s ogranichennoy otvetstvennostyu Kurylys Servis",
    ],
)
def test_a_name_is_known_in_every_alphabet_and_with_every_legal_form(shown):
    assert name_key(shown) == name_key("ТОО Құрылыс Сервис")


@pytest.mark.parametrize("other", ["ТОО Құрылыс", "ТОО Құрылыс Сервис 2", "ТОО Сервис Плюс", "ТОО", ""])
def test_other_names_are_other_names(other):
    assert name_key(other) != name_key("ТОО Құрылыс Сервис")


def find(name, *known):
    return NameIndex({name_key(n): {n} for n in known}).find(name, 88)


def test_a_misspelt_name_is_found_and_what_lies_between_two_is_both():
    assert find("ТОО Алатау Контсалт", "ТОО Алатау Консалт", "ТОО Восток Консалт") == {"ТОО Алатау Консалт"}
    assert find("ТОО Алатау 200", "ТОО Алатау 2005", "ТОО Алатау 2006") == frozenset()
    assert len(find("Алатау Консалте", "ТОО Алатау Консалт", "ТОО Алатау Консалты")) == 2
    assert find("ТОО Маяк Трест", "ТОО Маяк Трейд") == frozenset()


def test_initials_stand_for_names():
    known = ("ИП Ахметов Ерлан Серикович", "ИП Ахметов Болат Серикович")
    assert find("Ахметов Е.С.", *known) == {known[0]}
    assert find("ИП Е. С. Ахметов", *known) == {known[0]}


@given(st.text(max_size=30))
def test_any_name_is_survived(text):
    assert isinstance(find(text, "ТОО Алатау Консалт", text), frozenset)
    assert sound(text.lower()) == sound(text.lower())


def test_the_bin_beats_the_account_and_the_account_beats_the_name():
    payers = [
        Payer(1, "ТОО Альфа Строй", (BIN_A,), ("KZ1",)),
        Payer(2, "ТОО Бета Трейд", (BIN_B,), ("KZ2",)),
    ]
    items = [bill(partner=1), bill("INV/2026/00013", partner=2)]
    both = {"payer_tax_id": BIN_A, "payer_account": "KZ2", "payer_name": "Бета Трейд"}
    assert decide(pay(**both), items, payers).partner_id == 1
    assert decide(pay(payer_account="KZ2", payer_name="Альфа Строй"), items, payers).partner_id == 2


def test_a_name_with_another_bin_is_somebody_else():
    payers = [Payer(1, "ТОО Альфа Строй", (BIN_A,))]
    decision = decide(pay(payer_name="ТОО Альфа Строй", payer_tax_id=BIN_B), [bill()], payers)
    assert (decision.outcome, decision.reason) == (MANUAL, "payer_unknown")


def test_learned_names_and_accounts_identify():
    payers = [Payer(1, "ТОО Альфа", aliases=("Петров Пётр",), alias_accounts=("KZ9",))]
    for shown in ({"payer_name": "ПЕТРОВ ПЕТР"}, {"payer_account": "kz 9"}):
        decision = decide(pay(**shown), [bill()], payers)
        assert (decision.outcome, decision.reason, decision.partner_id) == (SUGGESTED, "amount_unique", 1)


def test_a_name_that_is_alike_is_evidence_of_its_own_kind():
    payers = [Payer(1, "ТОО Алатау Консалт")]
    decision = decide(pay(payer_name="ТОО Алатау Контсалт"), [bill()], payers)
    assert (decision.outcome, decision.reason) == (SUGGESTED, "amount_by_name")
    assert decision.evidence[0].kind == "payer_fuzzy"
    strict = decide(pay(payer_name="ТОО Алатау Контсалт"), [bill()], payers, Settings(fuzzy_threshold=100))
    assert strict.reason == "payer_unknown"


def test_a_payer_with_quite_another_name_is_a_third_party():
    payers = [Payer(1, "ТОО Альфа Строй", (BIN_A,))]
    decision = decide(pay("INV/2026/00012", payer_name="Сидоренко Ольга"), [bill()], payers)
    assert (decision.outcome, decision.reason, decision.partner_id) == (SUGGESTED, "third_party", 1)


def test_somebody_pays_for_a_customer_whom_the_text_names():
    payers = [Payer(1, "ТОО Альфа Строй", (BIN_A,)), Payer(2, "ТОО Бета Трейд", (BIN_B,))]
    text = "оплата за «Альфа Строй» за товар"
    decision = decide(pay(text, payer_tax_id=BIN_B), [bill()], payers)
    assert (decision.outcome, decision.reason, decision.partner_id) == (SUGGESTED, "customer_named", 1)
    proof = next(e for e in decision.evidence if e.kind == "customer_named")
    assert text[slice(*proof.span)] == proof.text == "Альфа Строй"
    # Has the payer something of that amount too, nobody knows.
    items = [bill(), bill("INV/2026/00013", partner=2)]
    decision = decide(pay(text, payer_tax_id=BIN_B), items, payers, Settings("earned", EARNABLE))
    assert (decision.outcome, decision.allocations) == (SUGGESTED, ())


def test_another_customers_number_and_an_own_invoice_of_the_amount_are_never_applied():
    payers = [Payer(1, "А", (BIN_A,)), Payer(2, "Б", (BIN_B,))]
    items = [bill(partner=1), bill("INV/2026/00013", partner=2)]
    for settings in (Settings(), Settings("earned", EARNABLE), Settings(third_party="apply")):
        assert decide(pay("INV/2026/00012", payer_tax_id=BIN_B), items, payers, settings).outcome != APPLIED
