"""The preview of a table as HTML. Everything from the file is escaped: `Markup.format` does it."""

from datetime import date
from decimal import Decimal

from markupsafe import Markup

from odoo.tools import format_date
from odoo.tools.misc import formatLang

from ..core.bank_formats import fold_account
from ..core.bank_formats.table.guess import KNOWN
from ..models.cash_application.bank_file_messages import describe

__all__ = ["KNOWN", "draw_preview"]
# What became of a row: class of the row.
_ROWS = {"unread": "table-danger", "skipped": "text-muted", "joined": "text-muted", "raw": ""}


def draw_preview(env, shown):
    """A table of the first rows as they will be read, with the reason where they will not.

    :param shown: `core.bank_formats.Preview`
    """
    if not shown.rows:
        return False
    roles = dict(env["bank.statement.profile.column"]._fields["role"]._description_selection(env))
    by_column = {column: role for role, column in shown.roles.items()}
    head = Markup().join(
        Markup('<th class="text-nowrap">{}<div class="fw-normal {}">{}</div></th>').format(
            guess.title[:60] or "–",
            "text-success" if guess.column in by_column else "text-muted",
            roles.get(by_column.get(guess.column), env._("not read")),
        )
        for guess in shown.columns
    )
    outcomes = {
        "operation": env._("is imported"),
        "joined": env._("goes on with the purpose above"),
        "skipped": env._("is skipped"),
        "raw": "",
    }
    body = Markup().join(
        Markup('<tr class="{}"><td class="text-muted">{}</td>{}<td>{}</td></tr>').format(
            _ROWS.get(row.outcome, ""),
            row.line,
            Markup().join(_draw_cell(env, cell) for cell in row.cells),
            describe(env, row.code, row.params) if row.code else outcomes.get(row.outcome, ""),
        )
        for row in shown.rows
    )
    return Markup(
        '<div class="text-muted mb-1">{}</div><div class="table-responsive">'
        '<table class="table table-sm small mb-0"><thead><tr><th>{}</th>{}<th></th></tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(_draw_summary(env, shown), env._("Line"), head, body)


def _draw_summary(env, shown):
    """What was found about the file as a whole, in one line."""
    _ = env._
    marks = {";": _("semicolon"), ",": _("comma"), "\t": _("tab"), "|": "|", ".": _("point")}
    orders = {"dmy": _("day first"), "mdy": _("month first")}
    facts = [
        (_("Sheet"), shown.table if len(shown.tables) > 1 else ""),
        (_("Columns separated by"), marks.get(shown.delimiter, shown.delimiter)),
        (_("Decimal mark"), marks.get(shown.decimal, shown.decimal)),
        (_("Dates"), orders.get(shown.date_order, "") if shown.header_line else ""),
        (_("Account"), fold_account(shown.account)),
        (_("Currency"), shown.currency),
        (_("Rows"), str(shown.total_rows)),
    ]
    return Markup(" · ").join(Markup("{}: {}").format(name, value) for name, value in facts if value)


def _draw_cell(env, cell):
    text = cell.text.strip()[:80]
    if cell.code:
        return Markup('<td class="text-danger" title="{}">{}</td>').format(
            describe(env, cell.code, {"text": text, "amount": text, "date": text}), text
        )
    if isinstance(cell.value, Decimal):
        return Markup('<td class="text-end text-nowrap">{}</td>').format(
            formatLang(env, float(cell.value), digits=2)
        )
    if isinstance(cell.value, date):
        return Markup('<td class="text-nowrap">{}</td>').format(format_date(env, cell.value))
    return Markup("<td{}>{}</td>").format(Markup("") if cell.role else Markup(' class="text-muted"'), text)
