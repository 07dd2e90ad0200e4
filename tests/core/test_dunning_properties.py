"""What holds for every account, ladder and day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.dunning import (
    Account,
    Anchor,
    Cause,
    Kind,
    Ladder,
    Obstacle,
    Position,
    Reason,
    Sent,
    Step,
    decide,
)

TODAY = date(2026, 6, 10)
days = st.integers(-40, 90).map(lambda n: TODAY + timedelta(n))
maybe_day = st.none() | days
amounts = st.integers(-5, 500).map(Decimal)

steps = st.builds(
    Step,
    offset=st.integers(-10, 40),
    level=st.integers(1, 7),
    manual=st.booleans(),
    approval=st.booleans(),
    patience=st.integers(0, 10),
    channels=st.sampled_from([("mail",), ()]),
    anchor=st.sampled_from(Anchor),
    month_day=st.integers(1, 31),
    every=st.sampled_from([0, 0, 4, 9]),
    times=st.integers(1, 3),
)
ladders = st.builds(
    Ladder,
    steps=st.lists(steps, max_size=7).map(tuple),
    contact_gap=st.integers(0, 5),
    silent_weekdays=st.frozensets(st.integers(0, 6), max_size=7),
    holidays=st.frozensets(days, max_size=3),
)
past_days = st.integers(-40, 0).map(lambda n: TODAY + timedelta(n))
#: A message takes each level and occurrence once, as the database sees to.
sents = st.lists(
    st.builds(Sent, st.integers(1, 7), st.integers(1, 2), past_days, st.booleans()),
    max_size=4,
    unique_by=lambda sent: (sent.level, sent.occurrence),
).map(tuple)
obstacles = st.lists(
    st.builds(Obstacle, st.sampled_from(Cause), st.none() | st.integers(0, 300).map(Decimal)), max_size=2
).map(tuple)


@st.composite
def accounts(draw):
    count = draw(st.integers(0, 5))
    positions = tuple(
        Position(
            (number, 1),
            draw(days),
            draw(amounts),
            "KZT",
            draw(sents),
            draw(st.booleans()),
            draw(maybe_day),
            issue_date=draw(maybe_day),
            disputed_amount=draw(st.sampled_from([0, 0, 50])) * Decimal(1),
            paused_until=draw(maybe_day),
            planned=draw(st.booleans()),
            promise_broken=draw(maybe_day),
            plan_broken=draw(maybe_day),
            obstacles=draw(obstacles),
            payment_until=draw(maybe_day),
        )
        for number in range(count)
    )
    return Account(
        1,
        "KZT",
        positions,
        credit=draw(st.integers(0, 300).map(Decimal)),
        paused_until=draw(maybe_day),
        switched_on=draw(st.booleans()),
        has_email=draw(st.booleans()),
        last_contact=draw(maybe_day),
        unmatched_cash=draw(st.booleans()),
        minimum=draw(st.integers(0, 50).map(Decimal)),
        skipped_on=draw(maybe_day),
        statement_missing=draw(st.booleans()),
        payable=draw(st.sampled_from([0, 0, 200]).map(Decimal)),
        promised_until=draw(maybe_day),
        promise_broken=draw(maybe_day),
        reply_waiting=draw(st.booleans()),
        wrote_until=draw(maybe_day),
        with_person=draw(st.booleans()),
        returned_on=draw(maybe_day),
    )


def calm(account):
    """The same debts of a customer with no reason for silence."""
    return Account(account.partner, account.currency, account.positions)


@given(accounts(), ladders)
def test_every_account_gets_one_decision_that_accounts_for_every_position(account, ladder):
    decision = decide(account, ladder, TODAY)
    assert sorted(i.position.key for i in decision.all_items) == sorted(p.key for p in account.positions)
    if decision.kind in (Kind.SEND, Kind.HAND_OVER):
        assert decision.items
        assert decision.step.level == max(i.step.level for i in decision.items)
        assert decision.step.manual is (decision.kind is Kind.HAND_OVER)
    if decision.kind is Kind.WAIT:
        assert not decision.items
        assert decision.until > TODAY
    if decision.until:
        assert decision.until > TODAY or decision.reason is Reason.SENT_TODAY


@given(accounts(), ladders)
def test_no_level_is_repeated_and_no_tone_comes_before_its_day(account, ladder):
    for acc in (account, calm(account)):
        for item in decide(acc, ladder, TODAY).items:
            position = item.position
            sent = {(message.level, message.occurrence) for message in position.sent}
            assert (item.step.level, item.occurrence) not in sent
            if item.reason is Reason.REPEATED:
                assert 1 < item.occurrence <= item.step.times
                assert max(message.level for message in position.sent) == item.step.level
            else:
                assert item.occurrence == 1
                assert all(message.level < item.step.level for message in position.sent)
            # Never a harsher step before the day of a softer one; a broken promise alone hastens
            # the next tone, and only the next.
            scheduled = ladder.days(position.due_date, position.issue_date)
            came = {step.level for step, day in scheduled if day <= TODAY}
            softer = {step.level for step in ladder.steps if step.level <= item.step.level}
            if item.reason in (Reason.PROMISE_BROKEN, Reason.PLAN_BROKEN):
                highest = max(message.level for message in position.sent)
                skipped = {level for level in softer - came if highest < level < item.step.level}
                assert not skipped
                assert position.due_date < TODAY
            elif item.reason is not Reason.REPEATED:
                assert softer <= came


@given(accounts(), ladders)
def test_paid_credit_disputed_and_promised_positions_are_never_in_a_message(account, ladder):
    for item in decide(calm(account), ladder, TODAY).items:
        assert item.position.residual > 0
        assert not item.position.disputed
        assert item.position.chased > 0
        assert not item.position.planned
        for until in (
            item.position.promised_until,
            item.position.paused_until,
            item.position.payment_until,
        ):
            assert not until or until < TODAY


@given(accounts(), ladders, st.randoms(use_true_random=False))
def test_order_of_positions_is_irrelevant(account, ladder, random):
    shuffled = list(account.positions)
    random.shuffle(shuffled)
    assert decide(account, ladder, TODAY) == decide(
        replace(account, positions=tuple(shuffled)), ladder, TODAY
    )


@given(accounts(), ladders)
def test_removing_one_position_leaves_the_decisions_on_the_others(account, ladder):
    before = {i.position.key: i for i in decide(account, ladder, TODAY).all_items}
    for index, gone in enumerate(account.positions):
        rest = account.positions[:index] + account.positions[index + 1 :]
        after = {i.position.key: i for i in decide(replace(account, positions=rest), ladder, TODAY).all_items}
        assert after == {key: item for key, item in before.items() if key != gone.key}


@given(accounts(), ladders)
def test_nothing_goes_while_the_account_is_silent(account, ladder):
    decision = decide(account, ladder, TODAY)
    if decision.kind in (Kind.SEND, Kind.HAND_OVER):
        assert account.switched_on
        assert not account.reply_waiting
        assert not account.with_person
        assert not account.unmatched_cash
        for until in (account.paused_until, account.promised_until, account.wrote_until):
            assert not until or until < TODAY
        assert account.credit + account.payable < sum(i.position.chased for i in decision.items)
        assert TODAY not in ladder.holidays
        assert TODAY.weekday() not in ladder.silent_weekdays


@given(accounts(), ladders)
def test_a_partial_payment_changes_neither_step_nor_day(account, ladder):
    undisputed = (replace(p, disputed_amount=Decimal(0), obstacles=()) for p in account.positions)
    account = replace(account, positions=tuple(undisputed))

    def plan(acc):
        return {i.position.key: (i.reason, i.step, i.date) for i in decide(acc, ladder, TODAY).all_items}

    part_paid = tuple(replace(p, residual=p.residual / 2) if p.residual > 0 else p for p in account.positions)
    assert plan(account) == plan(replace(account, positions=part_paid))


@given(accounts(), ladders, st.integers(0, 400), st.integers(1, 9))
def test_sixty_days_give_rising_levels_with_the_gap_kept(account, ladder, seed, payday):
    history = {p.key: [] for p in account.positions}
    contacts = []
    acc = replace(calm(account), positions=tuple(replace(p, sent=()) for p in account.positions))
    for number in range(60):
        day = TODAY + timedelta(number)
        acc = replace(
            acc,
            positions=tuple(
                replace(
                    p,
                    sent=tuple(history[p.key]),
                    # Some payment arrives now and then: in part, at last in full.
                    residual=Decimal(0) if (number + seed) % 50 == payday else p.residual,
                )
                for p in acc.positions
            ),
            last_contact=contacts[-1] if contacts else None,
        )
        decision = decide(acc, ladder, day)
        if decision.kind in (Kind.SEND, Kind.HAND_OVER):
            assert day.weekday() not in ladder.silent_weekdays
            for item in decision.items:
                history[item.position.key].append(Sent(item.step.level, item.occurrence, day))
        if decision.kind is Kind.SEND:
            assert not contacts or (day - contacts[-1]).days >= max(ladder.contact_gap, 1)
            contacts.append(day)
    times = {step.level: step.times if step.every else 1 for step in ladder.steps}
    for sent in history.values():
        # Tones never fall, and each time of each comes once, counted from one.
        assert [(s.level, s.occurrence) for s in sent] == sorted({(s.level, s.occurrence) for s in sent})
        for level in {s.level for s in sent}:
            occurrences = [s.occurrence for s in sent if s.level == level]
            assert occurrences == list(range(1, len(occurrences) + 1))
            assert len(occurrences) <= times[level]


@given(accounts(), ladders, ladders)
def test_changing_the_ladder_every_day_repeats_no_tone(account, first, second):
    """As does resetting an invoice to draft and posting it again: the position keeps its key."""
    history = {p.key: [] for p in account.positions}
    acc = replace(calm(account), positions=tuple(replace(p, sent=()) for p in account.positions))
    for number in range(40):
        day = TODAY + timedelta(number)
        acc = replace(acc, positions=tuple(replace(p, sent=tuple(history[p.key])) for p in acc.positions))
        decision = decide(acc, (first, second)[number % 2], day)
        if decision.kind in (Kind.SEND, Kind.HAND_OVER):
            for item in decision.items:
                history[item.position.key].append(
                    Sent(item.step.level, item.occurrence, day, item.step.manual)
                )
    for sent in history.values():
        keys = [(s.level, s.occurrence) for s in sent]
        assert keys == sorted(set(keys))
