"""1CClientBankExchange: from sections to statements. Whose account, which way, which day."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal

from ...checks import balance_warnings, with_fingerprints
from ...model import Notice, Skip, Statement, Transaction, Unread
from ...text import (
    account_currency,
    currency_code,
    fold_account,
    iban_is_valid,
    parse_amount,
    parse_date,
    squash,
)

_ACCOUNT_KEYS = ("счет", "расчсчет", "иик", "ик")
_TAX_ID_KEYS = ("бин_иин", "иин_бин", "инн", "бин", "иин", "рнн")
_IN_KEYS, _OUT_KEYS = ("суммаприход", "суммадоход"), ("суммарасход",)
_BALANCE_KEYS = ("начальныйостаток", "всегопоступило", "всегосписано", "конечныйостаток")
_SECTION_NOTICES = 5


class Party:
    """One side of a document. `prefix` is "плательщик" or "получатель"."""

    def __init__(self, document, prefix: str):
        def get(*endings: str) -> str:
            return document.get(*(prefix + ending for ending in endings))

        self.accounts = {fold_account(get(key)) for key in _ACCOUNT_KEYS} - {""}
        self.accounts |= {fold_account(get("2"))} if re.fullmatch(r"[0-9A-Z]{20}", get("2")) else set()
        # The plain "Счет" may be the correspondent account of the bank.
        self.account = fold_account(get("расчсчет", "иик", "ик", "счет"))
        self.tax_id = re.sub(r"\D", "", get(*_TAX_ID_KEYS))
        self.bank = get("банкбик", "бик")
        name = squash(get("наименование", "", "1"))
        # "7700000000, NAME" and "ИНН 7700000000 NAME": the identifier is no part of the name.
        if match := re.match(r"(?:(?:ИНН|БИН|ИИН)[ :]*)?([0-9]{10}|[0-9]{12})(?:\s*,\s*|\s+)(?=\S)", name):
            self.tax_id = self.tax_id or match.group(1)
            name = name[match.end() :]
        self.name = name
        other = "фактический" + prefix
        self.ultimate_name = squash(document.get(other + "наименование", other))
        self.ultimate_tax_id = re.sub(r"\D", "", document.get(*(other + key for key in _TAX_ID_KEYS)))


class Reader:
    """Takes the sections of one file apart; `statements()` is the result."""

    def __init__(self, header, accounts, documents, notices):
        self.header, self.sections, self.documents = header, accounts, documents
        self.notices = list(notices)
        self.parties = [(Party(doc, "плательщик"), Party(doc, "получатель")) for doc in documents]
        self.own = self._own_accounts()
        self.place = {account: index for index, account in enumerate(self.own)}
        self.own_tax_ids = self._own_tax_ids()
        self.transactions: dict[str, list[Transaction]] = defaultdict(list)
        self.unread: dict[str, list[Unread]] = defaultdict(list)
        self.transfers: set[tuple[str, Transaction]] = set()
        self.zero = 0
        self.by_account: dict[str, list] = defaultdict(list)
        for section in accounts:
            self.by_account[fold_account(section.get("расчсчет"))].append(section)
        self.balances = {section.line: self._balances(section) for section in accounts}

    def _own_accounts(self) -> list[str]:
        """Accounts of the sections and the header; else the one that stands in every document."""
        found = [fold_account(section.get("расчсчет")) for section in self.sections]
        found += [fold_account(value) for key, value in self.header.raw if key.casefold() == "расчсчет"]
        found = list(dict.fromkeys(account for account in found if account))
        if not found and len(self.documents) > 1:
            common = set.intersection(*(payer.accounts | payee.accounts for payer, payee in self.parties))
            found = sorted(common) if len(common) == 1 else []
        return found

    def _own_tax_ids(self) -> set[str]:
        """Identifiers that stand beside an own account, and on no other side."""
        own, other = set(), set()
        for party in (side for sides in self.parties for side in sides):
            (own if party.accounts & self.place.keys() else other).add(party.tax_id)
        return own - other - {""}

    def statements(self) -> list[Statement]:
        for document, (payer, payee) in zip(self.documents, self.parties, strict=True):
            try:
                self._read(document, payer, payee)
            except Skip as skip:
                account = self.own[0] if len(self.own) == 1 else ""
                self.unread[account].append(Unread(document.line, skip.code, skip.params, _summary(document)))
        accounts = list(self.own) or [""]
        if "" not in accounts and (self.unread[""] or self.transactions[""]):
            # What belongs to none of several accounts is told with the first.
            self.unread[accounts[0]] += self.unread.pop("", [])
        if self.zero:
            self.notices.append(Notice("zero_lines", 0, {"count": str(self.zero)}))
        return [self._statement(account, first=not index) for index, account in enumerate(accounts)]

    # --- one document ----------------------------------------------------
    def _read(self, document, payer: Party, payee: Party) -> None:
        if document.repeated:
            keys = ", ".join(dict.fromkeys(document.repeated))
            self.notices.append(Notice("repeated_key", document.line, {"keys": keys}))
        for account, amount in self._movements(document, payer, payee):
            if not amount:
                self.zero += 1
                continue
            incoming = amount > 0
            other = payer if incoming else payee
            own_transfer = bool(payer.accounts & self.place.keys() and payee.accounts & self.place.keys())
            transaction = Transaction(
                date=self._date(document, incoming),
                value_date=self._optional_date(document, "датавалютирования"),
                amount=amount,
                line=document.line,
                currency=currency_code(document.get("валюта")),
                counterparty_name=other.name,
                counterparty_tax_id=other.tax_id,
                counterparty_account=other.account,
                counterparty_bank=other.bank,
                ultimate_name=other.ultimate_name,
                ultimate_tax_id=other.ultimate_tax_id,
                purpose=_purpose(document),
                purpose_code=document.get("кодназначенияплатежа", "кодназплатежа"),
                document_number=document.get("номердокумента", "номер"),
                document_kind=document.title or document.get("виддокумента"),
                own_transfer=own_transfer,
                raw=tuple(document.raw),
            )
            # Both sides of a transfer may have written it.
            bare = (account, replace(transaction, line=0, raw=(), document_kind=""))
            if own_transfer and bare in self.transfers:
                continue
            if own_transfer:
                self.transfers.add(bare)
            self.transactions[account].append(transaction)

    def _movements(self, document, payer: Party, payee: Party) -> list[tuple[str, Decimal]]:
        """(own account, signed amount): one, or two for a transfer between accounts of this file."""
        incoming, outgoing = self._amount(document, _IN_KEYS), self._amount(document, _OUT_KEYS)
        plain = self._amount(document, ("сумма",))
        if incoming is None and outgoing is None and plain is None:
            raise Skip("amount_missing")
        out_of = [account for account in payer.accounts if account in self.place]
        into = [account for account in payee.accounts if account in self.place]
        out_of.sort(key=self.place.get)
        into.sort(key=self.place.get)
        if out_of and into and out_of != into and not incoming and not outgoing:
            if plain is None or plain < 0:
                raise Skip("negative_amount", amount=str(plain))
            return [(out_of[0], -plain), (into[0], plain)]
        sign = self._direction(document, payer, payee, (out_of, into), (incoming, outgoing))
        stated = incoming if sign > 0 else outgoing
        if stated is None:
            stated = plain
            if plain is not None and plain < 0:
                raise Skip("negative_amount", amount=str(plain))
        elif stated < 0:
            self.notices.append(Notice("reversal", document.line, {"amount": str(stated)}))
        if stated is None:
            raise Skip("direction_contradicts")
        account = (into if sign > 0 else out_of) or (self.own if len(self.own) <= 1 else [])
        if not account and len(self.own) > 1:
            raise Skip("account_unknown")
        return [(account[0] if account else "", sign * stated)]

    def _direction(self, document, payer, payee, sides, amounts) -> int:
        """+1 in, -1 out. The amount keys and the own account must not contradict each other."""
        by_account = 0
        if bool(sides[0]) != bool(sides[1]):
            by_account = -1 if sides[0] else 1
        by_amount = 0
        if bool(amounts[0]) != bool(amounts[1]):
            by_amount = 1 if amounts[0] else -1
        if by_account and by_amount and by_account != by_amount:
            raise Skip("direction_contradicts")
        if by_account or by_amount:
            return by_account or by_amount
        if not any(amounts) and amounts != (None, None):
            return 1  # zero both ways: skipped and counted
        received, spent = document.get("датапоступило"), document.get("датасписано")
        if bool(received) != bool(spent) and not self._foreign(payer, payee):
            return 1 if received else -1
        by_tax_id = (payer.tax_id in self.own_tax_ids, payee.tax_id in self.own_tax_ids)
        if by_tax_id[0] != by_tax_id[1]:
            return -1 if by_tax_id[0] else 1
        raise Skip("direction_unknown")

    def _foreign(self, payer: Party, payee: Party) -> bool:
        """Both sides are named by account, and neither is ours: the document is about others."""
        return bool(self.own and payer.accounts and payee.accounts) and not (
            (payer.accounts | payee.accounts) & self.place.keys()
        )

    def _amount(self, document, keys: tuple[str, ...]) -> Decimal | None:
        text = document.get(*keys)
        if not text:
            return None
        try:
            return parse_amount(text, decimal="," if "," in text else ".")
        except ValueError:
            raise Skip("amount_unreadable", amount=text[:40]) from None

    def _date(self, document, incoming: bool) -> date:
        side = "датапоступило" if incoming else "датасписано"
        for key in (side, "датаоперации", "квитанциядата", "дата", "датадокумента", "датавалютирования"):
            if found := self._optional_date(document, key):
                return found
        raise Skip("date_unreadable")

    def _optional_date(self, document, key: str) -> date | None:
        text = document.get(key)
        if not text:
            return None
        try:
            return parse_date(text)
        except ValueError:
            self.notices.append(Notice("date_ignored", document.line, {"key": key, "text": text[:40]}))
            return None

    # --- one account -----------------------------------------------------
    def _statement(self, account: str, first: bool) -> Statement:
        # A section that names no account belongs to each.
        sections = self.by_account.get(account, []) + (self.by_account.get("", []) if account else [])
        spans = [self._span(section) for section in sections] or [self._span(self.header)]
        order = sorted(range(len(sections)), key=lambda index: spans[index][0] or date.min)
        figures = [self.balances[sections[index].line] for index in order]
        opening = figures[0]["начальныйостаток"] if figures else None
        closing = figures[-1]["конечныйостаток"] if figures else None
        difference = None if None in (opening, closing) else closing - opening
        transactions, notices = _without_doubles(self.transactions[account], difference)
        if first:
            notices = self.notices + notices
        days = [transaction.date for transaction in transactions]
        starts = [start for start, _end in spans if start] or days
        ends = [end for _start, end in spans if end] or days
        currency = next((t.currency for t in transactions if t.currency), "") or account_currency(account)
        statement = Statement(
            format="1c",
            account=account,
            currency=currency,
            date_from=min(starts, default=None),
            date_to=max(ends, default=None),
            opening=opening,
            closing=closing,
            transactions=with_fingerprints(account, transactions),
            unread=tuple(self.unread[account]),
        )
        if account.startswith("KZ") and not iban_is_valid(account):
            notices.append(Notice("account_check_digits", 0, {"account": account}))
        notices += self._section_differences(sections)
        differences = balance_warnings(
            statement, _total(figures, "всегопоступило"), _total(figures, "всегосписано")
        )
        incomplete = bool(statement.unread or differences)
        return replace(statement, warnings=tuple(notices + differences), incomplete=incomplete)

    def _span(self, section) -> tuple[date | None, date | None]:
        return self._optional_date(section, "датаначала"), self._optional_date(section, "датаконца")

    def _balances(self, section) -> dict[str, Decimal | None]:
        found = {}
        for key in _BALANCE_KEYS:
            try:
                found[key] = self._amount(section, (key,))
            except Skip as skip:
                found[key] = None
                params = {"key": key, "text": skip.params["amount"]}
                self.notices.append(Notice("balance_ignored", section.line, params))
        return found

    def _section_differences(self, sections) -> list[Notice]:
        found = []
        for section in sections:
            opening, credited, debited, closing = (self.balances[section.line][key] for key in _BALANCE_KEYS)
            if None in (opening, credited, debited, closing):
                continue
            if opening + credited - debited != closing:
                params = {"computed": f"{opening + credited - debited:.2f}", "stated": f"{closing:.2f}"}
                found.append(Notice("section_differs", section.line, params))
        return found[:_SECTION_NOTICES]


def _total(figures, key: str) -> Decimal | None:
    found = [figure[key] for figure in figures if figure[key] is not None]
    return sum(found, Decimal(0)) if found else None


def _purpose(document) -> str:
    whole = document.get("назначениеплатежа")
    return squash(whole or " ".join(document.get(f"назначениеплатежа{n}") for n in range(1, 7)))


def _summary(document) -> str:
    parts = (document.get("номердокумента", "номер"), document.get("сумма", *_IN_KEYS, *_OUT_KEYS))
    return squash(" ".join(part for part in (*parts, _purpose(document)) if part))[:160]


def _without_doubles(
    transactions: list[Transaction], difference: Decimal | None = None
) -> tuple[list[Transaction], list[Notice]]:
    """ForteBank writes each operation as "Выписка" and again as "ПлатежноеПоручение": keep one.

    Only pairs of one of each kind that agree in all else but the day go (an order has the day on which
    it was written); equal documents of the same kind are two operations. `difference` is closing minus
    opening balance: when the whole list makes it up and the shortened one does not, all are kept.
    """

    def key(transaction):
        return (
            transaction.amount,
            transaction.document_number,
            transaction.counterparty_account,
            transaction.purpose,
        )

    def is_entry(transaction):
        return transaction.document_kind.casefold() == "выписка"

    entries = Counter(key(t) for t in transactions if is_entry(t) and t.document_number)
    kept, dropped = [], 0
    for transaction in transactions:
        if not is_entry(transaction) and entries[key(transaction)] > 0:
            entries[key(transaction)] -= 1
            dropped += 1
            continue
        kept.append(transaction)
    whole, short = (sum((t.amount for t in some), Decimal(0)) for some in (transactions, kept))
    if not dropped or (difference is not None and whole == difference != short):
        return transactions, []
    return kept, [Notice("doubles_dropped", 0, {"count": str(dropped)})]
