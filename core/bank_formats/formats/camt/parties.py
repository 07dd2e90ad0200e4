"""ISO 20022 camt: who stands on the other side of an operation, and who is behind them."""

from __future__ import annotations

import re

from ...text import fold_account
from ...xml import text_of

_ACCOUNT = ("Id/IBAN", "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN", "Id/UPIC")
_BANK = ("BICFI", "BIC", "CmbndId/BIC", "ClrSysMmbId/MmbId", "Othr/Id", "NmAndAdr/Nm", "Nm", "CmbndId/Nm")
_IDENTIFIERS = ("Id/OrgId/Othr", "Id/PrvtId/Othr", "Id/OrgId/PrtryId")
_TAX_SCHEMES = ("TXID", "BIN", "IIN", "BIN_IIN", "INN", "БИН", "ИИН", "ИНН", "VAT", "TIN")


class Sides:
    """The counterparty of an operation: the debtor when money came in, the creditor when it went out.

    An operation that was taken back keeps the roles of the first one: the side whose account is
    the statement's own is never the counterparty.
    """

    def __init__(self, details, incoming: bool, own: str):
        parties, agents = details.find("RltdPties"), details.find("RltdAgts")
        self.name = self.tax_id = self.account = self.bank = self.ultimate_name = self.ultimate_tax_id = ""
        if parties is None and agents is None:
            return
        roles = ["Dbtr", "Cdtr"] if incoming else ["Cdtr", "Dbtr"]
        accounts = {role: self._account(parties, role) for role in roles}
        if accounts[roles[0]] == own != accounts[roles[1]] and accounts[roles[0]]:
            roles.reverse()
        role = roles[0]
        self.account = accounts[role]
        if parties is not None:
            party = parties.find(role)
            self.name, self.tax_id = _name(party), _tax_id(party)
            ultimate = parties.find(f"Ultmt{role}")
            self.ultimate_name, self.ultimate_tax_id = _name(ultimate), _tax_id(ultimate)
        if agents is not None:
            self.bank = text_of(agents, *(f"{role}Agt/FinInstnId/{path}" for path in _BANK))

    @staticmethod
    def _account(parties, role: str) -> str:
        if parties is None:
            return ""
        return fold_account(text_of(parties, *(f"{role}Acct/{path}" for path in _ACCOUNT)))


def _name(party) -> str:
    if party is None:
        return ""
    return text_of(party, "Nm", "Pty/Nm", "Agt/FinInstnId/Nm", "FinInstnId/Nm")


def _tax_id(party) -> str:
    """An identifier that says it is one for taxes, else one of 10 (INN) or 12 (BIN, IIN) digits."""
    if party is None:
        return ""
    node = party.find("Pty") if party.find("Pty") is not None else party
    if number := text_of(node, "Id/OrgId/TaxIdNb", "Id/PrvtId/TaxIdNb"):
        return number
    fallback = ""
    for other in [
        *node.findall("Id/OrgId/Othr"),
        *node.findall("Id/PrvtId/Othr"),
        *node.findall("Id/OrgId/PrtryId"),
    ]:
        number = text_of(other, "Id").replace(" ", "")
        if text_of(other, "SchmeNm/Cd", "SchmeNm/Prtry").upper() in _TAX_SCHEMES:
            return number
        if not fallback and re.fullmatch("(?=.*[1-9])(?:[0-9]{10}|[0-9]{12})", number):
            fallback = number
    return fallback
