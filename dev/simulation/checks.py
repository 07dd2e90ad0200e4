"""What must hold after each day; expectations come from ``facts`` and plain SQL, never from our rules."""

import datetime
from collections import Counter, defaultdict
from decimal import Decimal

from .facts import select

TODAYS = """
    SELECT reminder.id, reminder.partner_id, reminder.currency_id, reminder.state, reminder.sent_at,
           reminder.amount_credit, reminder.amount_due, line.move_id, line.position, line.level,
           line.residual, line.amount_disputed
      FROM dunning_reminder reminder
      JOIN dunning_reminder_line line ON line.reminder_id = reminder.id
     WHERE reminder.company_id = %(company)s AND reminder.state IN ('sent', 'handed_over')
       AND reminder.date = %(today)s
"""
#: What speaks of a position today: a letter in whatever state, or a reason not to write.
SPOKEN = """
    SELECT line.move_id, line.position FROM dunning_reminder_line line
      JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
     WHERE reminder.company_id = %(company)s AND reminder.date = %(today)s
     UNION
    SELECT move_id, position FROM dunning_silence WHERE company_id = %(company)s AND last_date = %(today)s
"""
HISTORY = """
    SELECT line.move_id, line.position, line.level, reminder.date
      FROM dunning_reminder_line line
      JOIN dunning_reminder reminder ON reminder.id = line.reminder_id
     WHERE reminder.company_id = %(company)s AND reminder.state IN ('sent', 'handed_over', 'skipped')
     ORDER BY line.level, reminder.date
"""
CENT = Decimal("0.005")


class Checks:
    def __init__(self, world):
        self.world = world
        self.violations: list[str] = []
        self.seen: dict[int, datetime.date] = {}

    def violated(self, today, text):
        self.violations.append(f"{today}: {text}")

    def get_ladders(self, env, facts) -> dict[int, int]:
        """{customer: ladder id}; which ladder is chosen is not in question here."""
        partners = env["res.partner"].browse({position.customer for position in facts.positions.values()})
        profiles = env.company._get_dunning_profiles(partners)
        return {
            key: ladder.id for key, ladder in env.company._choose_dunning_ladders(partners, profiles).items()
        }

    def check_day(self, env, facts, finished: bool):
        """After the workers of a day; what went out, and whether anything due was passed over in silence."""
        today = facts.today
        arguments = {"company": self.world.company, "today": today}
        letters = defaultdict(list)
        for row in select(env, TODAYS, arguments):
            if row[0] not in self.seen or self.seen[row[0]] == today:
                letters[row[:7]].append(row[7:])
        for letter, lines in letters.items():
            self.seen[letter[0]] = today
            self._check_letter(facts, letter, lines)
        written = Counter(
            (customer, currency) for _id, customer, currency, state, *_ in letters if state == "sent"
        )
        for account, count in written.items():
            if count > 1:
                self.violated(today, f"{count} letters to {account} on one day")
        if finished:
            self._check_nothing_forgotten(env, facts, arguments)

    def _check_letter(self, facts, letter, lines):
        number, customer, currency, state, sent_at, credit, due, *_ = letter
        today = facts.today
        if today in self.world.holidays or today.weekday() > 4:
            self.violated(today, f"letter {number} ({state}) on a day without letters")
        # Almaty is five hours ahead, Lisbon one or none: 9 to 18 of both is 9 to 13 UTC.
        in_hours = sent_at and sent_at.date() == today and 8 < sent_at.hour < 13
        if state == "sent" and not in_hours:
            self.violated(today, f"letter {number} sent at {sent_at}")
        asked = Decimal(0)
        for move, position, level, residual, disputed in lines:
            name = f"letter {number} ({state}), level {level} of {move}/{position}, customer {customer}"
            reason = facts.why_silent(customer, currency, move, position)
            if reason:
                self.violated(today, f"{name}: {reason}")
                continue
            known = facts.positions[move, position]
            if (known.customer, known.currency) != (customer, currency):
                self.violated(today, f"{name}: the invoice is another's")
            if abs(residual - known.residual) > CENT:
                self.violated(today, f"{name}: says {residual}, open is {known.residual}")
            alone = (move, 2) not in facts.positions and (move, 3) not in facts.positions and position == 1
            if alone and abs(disputed - facts.disputed.get(move, Decimal(0))) > CENT:
                self.violated(today, f"{name}: {disputed} disputed, not {facts.disputed.get(move, 0)}")
            asked += residual - disputed
        open_credit = facts.credit.get((customer, currency), Decimal(0))
        if abs(credit - open_credit) > CENT or abs(due - (asked - open_credit)) > CENT:
            self.violated(today, f"letter {number}: asks for {due}, right is {asked} - {open_credit}")

    def _check_nothing_forgotten(self, env, facts, arguments):
        """Every open position whose step is due has a letter of today or a reason of today."""
        rungs = self._get_rungs(env)
        env.cr.execute(SPOKEN, arguments)
        spoken = set(env.cr.fetchall())
        env.cr.execute(HISTORY, arguments)
        last = {}
        for move, position, level, day in env.cr.fetchall():
            last[move, position] = level, day
        after = self.get_ladders(env, facts)
        for key, position in facts.positions.items():
            if key in spoken:
                continue
            customer, due = position.customer, position.due
            ladders = {facts.ladders.get(customer), after.get(customer)}
            if all(_is_due(rungs.get(ladder, ()), due, last.get(key), facts.today) for ladder in ladders):
                self.violated(facts.today, f"{key} is due, customer {customer}: no letter, no reason")

    def _get_rungs(self, env) -> dict:
        """{ladder id: [(level, offset, patience)]}; the shipped ladders count from the due date."""
        env.cr.execute(
            """SELECT ladder_id, level, "offset", patience FROM dunning_step
                WHERE anchor = 'due' ORDER BY level"""
        )
        rungs = defaultdict(list)
        for ladder, level, offset, patience in env.cr.fetchall():
            rungs[ladder].append((level, offset, patience or 0))
        return rungs


def _is_due(rungs, due, last, today) -> bool:
    """Whether a step above the last one sent has come, is still true, and the last has had its days."""
    patience = next((days for level, _offset, days in rungs if last and level == last[0]), 0)
    if last and last[1] + datetime.timedelta(patience) > today:
        return False
    come = [
        offset
        for level, offset, _patience in rungs
        if (not last or level > last[0]) and due + datetime.timedelta(offset) <= today
    ]
    # "Due soon" is said until the due date, "due today" until the first step after it.
    return any(offset > 0 for offset in come) or bool(come and (come[-1] == 0 or today <= due))
