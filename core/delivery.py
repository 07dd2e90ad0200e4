"""What a mail server's answer means for an invoice: sent, put off, refused, no address, or our own fault."""

import re
from datetime import timedelta

SENT = "sent"
POSTPONED = "postponed"
REFUSED = "refused"
NO_ADDRESS = "no_address"
BOUNCED = "bounced"
FAILED = "not_sent"

# A put-off mail is offered again after these; then the last answer counts as a refusal. RFC 5321, 4.5.4.1:
# at least 30 minutes between two attempts, and not given up before some days: four and a half here.
RETRY_AFTER = tuple(timedelta(hours=hours) for hours in (0.5, 2, 6, 24, 72))

# A reply code of SMTP as smtplib shows it, "(450, b'4.2.0 …')", or at the head of a line; a status code of
# RFC 3463.
_REPLY = re.compile(r"\(([245])\d\d,|(?:^|\n|: )([245])\d\d[ -]")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
# What Odoo says of the mail itself; everything else is in the server's answer.
_BY_TYPE = {
    "mail_email_missing": NO_ADDRESS,
    "mail_email_invalid": NO_ADDRESS,
    "mail_smtp": POSTPONED,
    "mail_spam": REFUSED,
    "mail_bl": REFUSED,
    "mail_optout": REFUSED,
    "mail_from_invalid": FAILED,
    "mail_from_missing": FAILED,
}


def outcome(failure_type: str, reason: str) -> str:
    """What became of a mail that Odoo calls failed.

    :param failure_type: of ``mail.mail``; "unknown" when the server has answered.
    :param reason: Odoo's text with the server's answer in it.
    """
    if failure_type in _BY_TYPE:
        return _BY_TYPE[failure_type]
    match = _REPLY.search(reason)
    digit = (match and (match[1] or match[2])) or ((match := _STATUS.search(reason)) is not None and match[1])
    if digit == "4":
        return POSTPONED
    return REFUSED if digit == "5" else FAILED


def report_outcome(action: str, status: str) -> str | None:
    """What a delivery report (RFC 3464) says of one recipient; None when it has arrived or was passed on.

    :param action: its ``Action`` field, :param status: its ``Status`` field, for reports without an action.
    """
    action = action.strip().lower()
    if action == "delayed":
        return POSTPONED
    if action in ("delivered", "relayed", "expanded"):
        return None
    if action != "failed" and status.strip().startswith("4"):
        return POSTPONED
    return BOUNCED
