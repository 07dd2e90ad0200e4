"""The decisions: what is certain is applied, what is likely is suggested, the rest is left.

Applied is only what names its documents by our code or their full number, with
an agreeing amount and nothing that speaks against it. Everything else is a
suggestion with its reasons, or manual. What is ambiguous is never preselected.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .extract import extract
from .index import Index
from .model import (
    APPLIED,
    MANUAL,
    SUGGESTED,
    Candidate,
    Decision,
    Evidence,
    OpenItem,
    Payer,
    Settings,
    Transaction,
)
from .naming import BY_CODE, BY_NUMBER, BY_ORDER, Named, resolve
from .reasons import EARNABLE
from .sums import find_sums
from .text import identifier, name_key

# The search for sums is not begun over more items of one customer.
MAX_SUM_CHOICES = 40


def match(
    transactions: Sequence[Transaction],
    open_items: Iterable[OpenItem],
    payers: Iterable[Payer] = (),
    settings: Settings | None = None,
) -> list[Decision]:
    """Decide every transaction against the open items.

    Earlier money is served first: what an earlier transaction (by date, then by
    place) takes is not given to a later one of the same call.

    :return: one decision per transaction, in the order of the transactions.
    """
    settings = settings or Settings()
    matcher = _Matcher(Index(open_items, payers, settings), settings)
    decisions: dict[int, Decision] = {}
    for place in sorted(range(len(transactions)), key=lambda i: (transactions[i].date, i)):
        decisions[place] = matcher.decide(transactions[place])
    return [decisions[place] for place in range(len(transactions))]


@dataclass(frozen=True, slots=True)
class _Known:
    """Who the payer may be: no customer, one, or several of the same identity."""

    partners: frozenset = frozenset()
    evidence: tuple[Evidence, ...] = ()
    score: int = 0


class _Matcher:
    def __init__(self, index: Index, settings: Settings):
        self.index, self.settings = index, settings
        self.earned = settings.earned & EARNABLE if settings.automation == "earned" else frozenset()
        self.taken: dict[Hashable, Hashable] = {}

    def decide(self, transaction: Transaction) -> Decision:
        if transaction.amount <= 0:
            return Decision(transaction.id, MANUAL, "outgoing")
        if transaction.own_transfer:
            return Decision(transaction.id, MANUAL, "own_transfer")
        extraction = extract(transaction.purpose)
        payer = self._payer(transaction)
        named = resolve(self.index, transaction.purpose, extraction, payer.partners, self._live)
        if named.ambiguous:
            decision = self._ambiguous(transaction, named, payer)
        elif named.items:
            decision = self._by_name(transaction, named, payer, extraction.refund)
        else:
            decision = self._by_amount(transaction, named, payer)
        if decision.outcome == APPLIED:
            for item_id, _amount in decision.allocations:
                self.taken[item_id] = transaction.id
        return decision

    def _live(self, item: OpenItem) -> bool:
        return item.id not in self.taken

    # --- the payer ---------------------------------------------------------
    def _payer(self, transaction: Transaction) -> _Known:
        index = self.index
        for kind, key, known, score in (
            ("payer_tax_id", identifier(transaction.payer_tax_id), index.by_tax_id, 30),
            ("payer_account", identifier(transaction.payer_account), index.by_account, 25),
            ("payer_alias", name_key(transaction.payer_name), index.by_alias, 20),
            ("payer_name", name_key(transaction.payer_name), index.by_name, 15),
        ):
            partners = known.get(key) if key else None
            if not partners:
                continue
            field = "payer_name" if kind == "payer_alias" else kind
            return _Known(frozenset(partners), (Evidence(kind, getattr(transaction, field), field),), score)
        return _Known()

    def _is_third_party(self, transaction: Transaction, partner: Hashable, payer: _Known) -> bool:
        if payer.partners:
            return partner not in payer.partners
        tax_id = identifier(transaction.payer_tax_id)
        known = self.index.tax_ids.get(partner)
        return bool(tax_id and known and tax_id not in known)

    # --- documents are named -------------------------------------------------
    def _by_name(self, transaction: Transaction, named: Named, payer: _Known, refund: bool) -> Decision:
        items = [item for group in named.items.values() for item in group]
        evidence = (*named.evidence, *named.unresolved, *named.taken, *payer.evidence)
        if any(item.currency != transaction.currency for item in items):
            return Decision(transaction.id, MANUAL, "currency", evidence=evidence)
        amount = self.index.amount(transaction.amount, transaction.currency)
        allocations, how = self._allocate(named, items, amount)
        partners = named.partners()
        partner = next(iter(partners)) if len(partners) == 1 else None
        third = any(self._is_third_party(transaction, p, payer) for p in partners)
        exact = how in ("exact", "instalment")
        if exact:
            evidence = (*evidence, Evidence("amount", str(amount), "amount"))
        base = {BY_CODE: 99, BY_NUMBER: 97, BY_ORDER: 80}.get(named.weakest(), 75)
        if not third and payer.partners:
            base = min(base + 10, 100)
        reason, trusted = self._reason(named, items, how, partner, third, refund)
        # What speaks against it costs certainty; a wrong amount most.
        score = base if trusted else max(base - (15 if exact else 35) - (10 if third else 0), 20)
        chosen = Candidate(partner, allocations, score, reason, evidence)
        if trusted:
            return self._decision(transaction, APPLIED, reason, [chosen])
        candidates = [chosen]
        if not exact and partner is not None:
            candidates = [*self._completed(transaction, items, amount, chosen, named), chosen]
        if third and payer.partners:
            candidates += self._amount_candidates(transaction, payer)[0]
        if reason == "third_party" and self.settings.third_party == "manual":
            return self._decision(transaction, MANUAL, reason, candidates, preselect=False)
        return self._decision(transaction, SUGGESTED, candidates[0].reason, candidates)

    def _reason(self, named: Named, items, how, partner, third, refund) -> tuple[str, bool]:
        """The reason code, and whether it may be applied without a look."""
        strong = named.weakest() >= BY_NUMBER
        unclear = (named.unresolved or named.taken) and named.strongest() < BY_CODE
        doubts = (
            ("partner_missing", not all(item.partner_id for item in items)),
            ("several_customers", partner is None),
            (how, how not in ("exact", "instalment")),
            ("refund", refund),
            ("third_party", third and (self.settings.third_party != "apply" or not strong)),
            ("order", named.weakest() == BY_ORDER),
            ("number_short", not strong),
            ("number_unclear", unclear),
            ("date_differs", named.date_differs and named.strongest() < BY_CODE),
            ("credit_note", any(item.residual < 0 for item in items)),
        )
        for reason, holds in doubts:
            if holds:
                return reason, False
        if how == "instalment":
            return "instalment", True
        if len(named.items) > 1:
            return "several", True
        return ("code" if named.strongest() == BY_CODE else "number"), True

    def _allocate(self, named: Named, items: list[OpenItem], amount: Decimal):
        """Spread an amount over named items: all, due instalments in order, or what it reaches."""
        index = self.index
        residual = {item.id: index.amount(item.residual, item.currency) for item in items}
        everything = tuple(residual.items())
        total = sum(residual.values())
        if amount == total:
            return everything, "exact"
        if len(named.items) == 1 and len(items) > 1:
            running = Decimal(0)
            for count, item in enumerate(items, 1):
                running += residual[item.id]
                if running == amount:
                    return everything[:count], "instalment"
            single = [pair for pair in everything if pair[1] == amount]
            if len(single) == 1:
                return tuple(single), "instalment"
        elif len(items) == 1 and items[0].positions > 1 and amount == total:
            return everything, "instalment"
        if abs(amount - total) <= self.settings.tolerance and amount < total:
            return _fill(items, residual, amount), "tolerance"
        if amount > total:
            return tuple(pair for pair in everything if pair[1] > 0), "overpaid"
        return _fill(items, residual, amount), "partial"

    def _completed(self, transaction, items, amount, chosen: Candidate, named: Named) -> list[Candidate]:
        """The named documents and exactly one set of others that make the amount."""
        index = self.index
        named_ids = {item.id for item in items}
        others = [
            item
            for item in index.by_partner[chosen.partner_id, transaction.currency]
            if item.id not in named_ids and self._live(item)
        ]
        total = sum(index.amount(item.residual, item.currency) for item in items)
        sets, complete = self._sums(others, amount - total, min_items=1)
        if len(sets) != 1 or not complete:
            return []
        added = [others[place] for place in sets[0]]
        allocations = tuple((i.id, index.amount(i.residual, i.currency)) for i in (*items, *added))
        evidence = (*chosen.evidence, Evidence("amount", str(amount), "amount"))
        return [Candidate(chosen.partner_id, allocations, chosen.score + 5, "sum_with_named", evidence)]

    def _ambiguous(self, transaction: Transaction, named: Named, payer: _Known) -> Decision:
        """A number that several documents bear: show them, choose none."""
        index = self.index
        amount = index.amount(transaction.amount, transaction.currency)
        candidates = []
        for document in dict.fromkeys(document for group in named.ambiguous for document in group):
            items = [
                i for i in index.documents[document] if self._live(i) and i.currency == transaction.currency
            ]
            if not items:
                continue
            group = Named(items={document: items})
            allocations, how = self._allocate(group, items, amount)
            score = 60 if how in ("exact", "instalment") else 40
            candidates.append(
                Candidate(
                    items[0].partner_id,
                    allocations,
                    score,
                    "reference_ambiguous",
                    (*named.evidence, *payer.evidence),
                )
            )
        candidates.sort(key=lambda candidate: -candidate.score)
        return self._decision(
            transaction,
            SUGGESTED if candidates else MANUAL,
            "reference_ambiguous",
            candidates,
            preselect=False,
        )

    # --- nothing is named ------------------------------------------------------
    def _by_amount(self, transaction: Transaction, named: Named, payer: _Known) -> Decision:
        closed = (*named.taken, *named.unresolved)
        evidence = (*closed, *payer.evidence)
        closed_reason = "already_paid" if named.taken else "reference_closed"
        if not payer.partners:
            key = transaction.currency, self.index.amount(transaction.amount, transaction.currency)
            same = [item for item in self.index.by_amount.get(key, []) if self._live(item)]
            candidates = [self._single(transaction, [item], payer, 20, "amount_only") for item in same]
            reason = closed_reason if closed else "payer_unknown"
            return self._decision(transaction, MANUAL, reason, candidates, False, evidence)
        candidates, reason = self._amount_candidates(transaction, payer)
        if len(payer.partners) > 1:
            return self._decision(transaction, MANUAL, "payer_ambiguous", candidates, False, evidence)
        if not candidates:
            (partner,) = payer.partners
            debts = [
                i
                for i in self.index.by_partner[partner, transaction.currency]
                if self._live(i) and i.residual > 0
            ]
            if debts:
                residual = {i.id: self.index.amount(i.residual, i.currency) for i in debts}
                oldest = _fill(debts, residual, self.index.amount(transaction.amount, transaction.currency))
                candidates = [Candidate(partner, oldest, 20, "oldest_first", payer.evidence)]
            reason = "amount_differs" if debts else "no_open_items"
            return self._decision(
                transaction, MANUAL, closed_reason if closed else reason, candidates, False, evidence, partner
            )
        unique = reason in ("amount_unique", "sum_unique")
        if closed:
            # It says that it is for something else: shown, not preselected.
            return self._decision(transaction, SUGGESTED, closed_reason, candidates, False, evidence)
        return self._decision(transaction, SUGGESTED, reason, candidates, unique)

    def _amount_candidates(self, transaction: Transaction, payer: _Known) -> tuple[list[Candidate], str]:
        """What of the payer's debts makes the amount: single documents first, then sums."""
        index = self.index
        amount = index.amount(transaction.amount, transaction.currency)
        singles: list[list[OpenItem]] = []
        sums: list[list[OpenItem]] = []
        complete = True
        for partner in sorted(payer.partners, key=repr):
            items = [i for i in index.by_partner.get((partner, transaction.currency), ()) if self._live(i)]
            singles += [[i] for i in items if index.amount(i.residual, i.currency) == amount]
            documents: dict[Hashable, list[OpenItem]] = {}
            for item in items:
                documents.setdefault(item.document_key, []).append(item)
            whole = [
                group
                for group in documents.values()
                if len(group) > 1 and sum(index.amount(i.residual, i.currency) for i in group) == amount
            ]
            singles += whole
            known = [{i.id for i in group} for group in whole]
            sets, done = self._sums(items, amount, min_items=2, limit=2 + len(whole))
            complete = complete and done
            sums += [
                group
                for group in ([items[p] for p in places] for places in sets)
                if {i.id for i in group} not in known
            ]
        base = 45 + payer.score
        if len(singles) == 1 and not sums:
            return [self._single(transaction, singles[0], payer, base, "amount_unique")], "amount_unique"
        if not singles and len(sums) == 1:
            reason = "sum_unique" if complete else "sum_unproven"
            return [self._single(transaction, sums[0], payer, base - 10, reason)], reason
        reason = "amount_ambiguous" if singles else "sum_ambiguous"
        candidates = [self._single(transaction, group, payer, base - 20, reason) for group in singles]
        candidates += [self._single(transaction, group, payer, base - 30, reason) for group in sums]
        return candidates, reason

    def _single(
        self, transaction, items: list[OpenItem], payer: _Known, score: int, reason: str
    ) -> Candidate:
        allocations = tuple((i.id, self.index.amount(i.residual, i.currency)) for i in items)
        amount = self.index.amount(transaction.amount, transaction.currency)
        evidence = (*payer.evidence, Evidence("amount", str(amount), "amount"))
        return Candidate(items[0].partner_id, allocations, score, reason, evidence)

    def _sums(self, items: list[OpenItem], target: Decimal, min_items: int, limit: int = 2):
        if not items or len(items) > MAX_SUM_CHOICES:
            return [], not items
        scale = Decimal(10) ** self.settings.digits.get(items[0].currency, 2)
        values = [int(self.index.amount(item.residual, item.currency) * scale) for item in items]
        settings = self.settings
        return find_sums(
            values, int(target * scale), settings.max_sum_items, settings.max_sum_effort, min_items, limit
        )

    def _decision(self, transaction, outcome, reason, candidates, preselect=True, evidence=(), partner=None):
        candidates = tuple(candidates[: self.settings.max_candidates])
        first = candidates[0] if candidates else None
        automatic_by = ""
        if outcome == APPLIED:
            automatic_by = "trusted"
        elif outcome == SUGGESTED and preselect and first and reason in self.earned:
            outcome, automatic_by = APPLIED, "earned"
        if outcome == APPLIED and self.settings.automation == "off":
            outcome, automatic_by = SUGGESTED, ""
        partners = {candidate.partner_id for candidate in candidates}
        return Decision(
            transaction.id,
            outcome,
            reason,
            first.score if first else 0,
            first.partner_id if first and (preselect or len(partners) == 1) else partner,
            first.allocations if first and preselect else (),
            candidates,
            tuple(dict.fromkeys((*evidence, *(first.evidence if first else ())))),
            automatic_by,
        )


def _fill(items: list[OpenItem], residual: dict[Hashable, Decimal], amount: Decimal):
    allocations = []
    for item in items:
        part = min(residual[item.id], amount)
        if part > 0:
            allocations.append((item.id, part))
            amount -= part
    return tuple(allocations)
