"""Numbers that several documents bear: the amount may tell them apart, else all are shown."""

from collections.abc import Hashable
from dataclasses import replace
from itertools import product

from .amounts import Amounts
from .answers import Answer, amount_evidence
from .index import Index
from .lists import Extraction
from .model import MANUAL, SUGGESTED, Candidate, OpenItem, Transaction
from .naming import Named
from .payers import Known

_MAX_WAYS = 64  # ways to read the numbers; of more, only the first are shown


def decide(
    index: Index,
    amounts: Amounts,
    transaction: Transaction,
    named: Named,
    payer: Known,
    extraction: Extraction,
) -> Answer:
    """One reading that makes the amount, of the payer's own documents, is preselected; nothing else."""
    amount = index.amount(transaction.amount, transaction.currency)

    def open_items(document: Hashable) -> list[OpenItem]:
        return [
            item
            for item in index.documents[document]
            if amounts.live(item) and item.currency == transaction.currency
        ]

    groups = [[document for document in group if open_items(document)] for group in named.ambiguous]
    ways = 1
    for group in groups:
        ways *= len(group)
    readings = (
        product(*groups) if ways <= _MAX_WAYS else ((d,) for group in groups for d in group[:_MAX_WAYS])
    )
    shown, fitting = [], 0
    for choice in readings:
        documents = {**named.items, **{document: open_items(document) for document in choice}}
        allocations, how = amounts.allocate(documents, amount)
        partners = {item.partner_id for items in documents.values() for item in items}
        fits = how in ("exact", "instalment")
        fitting += fits
        partner = next(iter(partners)) if len(partners) == 1 else None
        evidence = (*named.evidence, *payer.evidence)
        candidate = Candidate(partner, allocations, 60 if fits else 40, "reference_ambiguous", evidence)
        if allocations:
            shown.append(candidate)
    shown.sort(key=lambda candidate: -candidate.score)
    if ways <= _MAX_WAYS and fitting == 1 and shown[0].partner_id in payer.partners:
        proof = amount_evidence(amount, shown[0].allocations)
        first = replace(shown[0], reason="number_amount", score=75, evidence=(*shown[0].evidence, proof))
        doubts = (
            ("refund", extraction.refund),
            ("number_unclear", bool(named.unresolved or named.taken)),
            ("date_differs", named.date_differs),
        )
        held = tuple(reason for reason, holds in doubts if holds)
        return Answer(SUGGESTED, "number_amount", (first, *shown[1:]), True, doubts=held)
    return Answer(SUGGESTED if shown else MANUAL, "reference_ambiguous", tuple(shown))
