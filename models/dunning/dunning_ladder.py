import itertools

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core import dunning

TONES = [
    ("soft", "Soft"),
    ("neutral", "Neutral"),
    ("business", "Business-like"),
    ("official", "Official"),
    ("escalation", "Escalation"),
    ("manual", "By a person"),
]
LEVELS = {tone: number for number, (tone, _label) in enumerate(TONES, 1)}
#: What a level says where the step itself may be gone; a level set by hand says nothing.
TONE_OF = {level: tone for tone, level in LEVELS.items()}


class DunningLadder(models.Model):
    _name = "dunning.ladder"
    _description = "Reminder Ladder"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Leave empty to share the ladder between companies.")
    step_ids = fields.One2many("dunning.step", "ladder_id", "Steps", copy=True)
    step_count = fields.Integer("Number of Steps", compute="_compute_step_count")
    contact_gap = fields.Integer(
        "Days Between Messages",
        default=dunning.model.CONTACT_GAP,
        required=True,
        help="A customer gets no second message within this many days, whatever falls due meanwhile.",
    )
    skip_weekend = fields.Boolean(
        "Silent on Weekends",
        default=True,
        help="What falls on a Saturday or Sunday goes out on Monday.",
    )
    skip_holidays = fields.Boolean(
        "Silent on Holidays",
        default=True,
        help="No messages on the public holidays of the company's working hours.",
    )

    _contact_gap_positive = models.Constraint(
        "CHECK (contact_gap >= 1)", "There must be at least one day between two messages to a customer."
    )

    @api.depends("step_ids")
    def _compute_step_count(self):
        for ladder in self:
            ladder.step_count = len(ladder.step_ids)

    def _to_core(self, holidays=frozenset()) -> dunning.Ladder:
        """The ladder as the rule sees it.

        :param holidays: dates without messages, besides the ladder's own weekdays
        """
        self.ensure_one()
        return dunning.Ladder(
            steps=tuple(step._to_core() for step in self.step_ids),
            contact_gap=self.contact_gap,
            silent_weekdays=dunning.model.WEEKEND if self.skip_weekend else frozenset(),
            holidays=holidays if self.skip_holidays else frozenset(),
        )


class DunningStep(models.Model):
    _name = "dunning.step"
    _description = "Reminder Ladder Step"
    _order = "ladder_id, level, offset, id"

    ladder_id = fields.Many2one("dunning.ladder", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="ladder_id.company_id", store=True)
    name = fields.Char(required=True, translate=True)
    offset = fields.Integer(
        "Days",
        required=True,
        help="Days from the due date: -3 is three days before it, 0 on the day, 7 a week after.",
    )
    anchor = fields.Selection(
        [("due", "Due date"), ("issue", "Invoice date"), ("month_day", "Day of the month")],
        "Counted From",
        required=True,
        default="due",
        help="Day of the month: the first such day on or after the one that the days from the due date give.",
    )
    month_day = fields.Integer("On Day", default=1, help="Of the month; in shorter months the last day.")
    repeat_every = fields.Integer(
        "Repeat After Days", help="The same letter goes again after so many days; 0: once only."
    )
    repeat_times = fields.Integer(
        "At Most", default=1, help="How often the letter goes in all, the first time included."
    )
    tone = fields.Selection(TONES, required=True, default="neutral")
    level = fields.Integer(
        compute="_compute_level",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Rank of the tone, comparable between ladders: no invoice gets the same level twice, "
        "also when its customer changes to another ladder.",
    )
    send_mail = fields.Boolean("By Mail", default=True)
    mail_template_id = fields.Many2one(
        "mail.template", "Letter", domain=[("model", "=", "dunning.reminder")], ondelete="restrict"
    )
    is_manual = fields.Boolean(
        "Hand Over",
        compute="_compute_is_manual",
        store=True,
        readonly=False,
        precompute=True,
        help="Automatic letters to the customer stop, and the responsible person gets a task.",
    )
    requires_approval = fields.Boolean(
        "Needs Approval", help="The letter waits in the outbox until somebody approves it."
    )
    patience = fields.Integer(
        "Days to Answer",
        help="What the letter promises: nothing harsher follows for the same invoice "
        "before these days are over.",
    )

    _level_unique = models.Constraint(
        "UNIQUE (ladder_id, level)", "A ladder has each level once: give the step another level."
    )
    _level_positive = models.Constraint("CHECK (level > 0)", "The level of a step starts at 1.")
    _patience_positive = models.Constraint(
        "CHECK (patience >= 0)", "The number of days to answer cannot be negative."
    )

    _month_day_valid = models.Constraint(
        "CHECK (anchor != 'month_day' OR month_day BETWEEN 1 AND 31)", "A month has the days 1 to 31."
    )
    _repeat_limited = models.Constraint(
        "CHECK (COALESCE(repeat_every, 0) >= 0 AND (COALESCE(repeat_every, 0) = 0 OR repeat_times >= 2))",
        "A repeated letter needs a limit: at least twice in all.",
    )

    @api.depends("tone")
    def _compute_level(self):
        for step in self:
            step.level = LEVELS.get(step.tone, 1)

    @api.depends("tone")
    def _compute_is_manual(self):
        for step in self:
            step.is_manual = step.tone == "manual"

    @api.onchange("repeat_every")
    def _onchange_repeat_every(self):
        if self.repeat_every and self.repeat_times < 2:
            self.repeat_times = 3

    @api.constrains("offset", "level", "ladder_id", "anchor")
    def _check_order(self):
        for ladder in self.ladder_id:
            steps = ladder.step_ids.sorted(lambda step: (step.level, step.offset))
            # Days from different anchors cannot be compared: there the rule itself lets no tone come early.
            for softer, harsher in itertools.pairwise(steps):
                if harsher.anchor == softer.anchor and harsher.offset <= softer.offset:
                    raise ValidationError(
                        self.env._(
                            "%(ladder)s: “%(harsher)s” (level %(high)s) must come on a later day "
                            "than “%(softer)s” (level %(low)s): the tone of a ladder rises with time.",
                            ladder=ladder.name,
                            harsher=harsher.name,
                            high=harsher.level,
                            softer=softer.name,
                            low=softer.level,
                        )
                    )

    @api.constrains("repeat_every", "is_manual")
    def _check_repeat(self):
        for step in self:
            if step.repeat_every and step.is_manual:
                raise ValidationError(self.env._("“%s” hands over: that cannot be repeated.", step.name))

    @api.constrains("send_mail", "is_manual", "mail_template_id")
    def _check_template(self):
        for step in self:
            if step.send_mail and not step.is_manual and not step.mail_template_id:
                raise ValidationError(self.env._("Choose the letter of the step “%s”.", step.name))
            if not step.send_mail and not step.is_manual:
                raise ValidationError(
                    self.env._("The step “%s” does nothing: let it send a mail or hand over.", step.name)
                )

    def _to_core(self) -> dunning.Step:
        self.ensure_one()
        return dunning.Step(
            offset=self.offset,
            level=self.level,
            tone=self.tone,
            channels=("mail",) if self.send_mail else (),
            manual=self.is_manual,
            approval=self.requires_approval,
            patience=self.patience,
            key=self.id,
            anchor=dunning.Anchor(self.anchor),
            month_day=self.month_day,
            every=self.repeat_every,
            times=max(self.repeat_times, 1),
        )
