"""Whether a person opened an invoice, or a machine did: proxies of mail services, scanners, prefetches.

A status moves only for a person. What looks like a machine is kept as "opened, perhaps by a machine".
"""

import datetime
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .mail_agents import MACHINES, PERSONS, SCANNER

# Opened sooner than this after sending: by what looks into mails on their way, not by a person.
SECONDS_TOO_FAST = 5

# How sure an opening is, low to high; only what is above MACHINE moves the status.
MACHINE = "machine"
VERIFIED = "verified"
CLICK = "click"
PORTAL = "portal"
GRADES = (MACHINE, VERIFIED, CLICK, PORTAL)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of an opening.

    :param grade: one of ``GRADES``.
    :param client: coarse kind of what opened: desktop, mobile, mail_app, proxy, scanner, robot or other.
    :param reason: why it is taken for a machine's; empty for a person.
    """

    grade: str
    client: str
    reason: str = ""

    @property
    def is_person(self) -> bool:
        return self.grade != MACHINE


def client_kind(user_agent: str) -> tuple[str, str]:
    """The coarse kind of a client, and the name of the machine if it is a known one.

    A missing User-Agent is a machine's: every mail program and browser sends one.
    """
    agent = user_agent.strip().lower()
    if not agent:
        return "robot", "no User-Agent"
    for kind, name, text in MACHINES:
        if agent == text[1:] if text[0] == "=" else text in agent:
            return kind, name
    return next((kind for kind, text in PERSONS if text in agent), "other"), ""


def is_internal(address: str, networks: Iterable[str]) -> bool:
    """Whether an address is in one of ``networks``: addresses or CIDR; what is neither is ignored."""
    try:
        ip = ipaddress.ip_address(address.strip())
    except ValueError:
        return False
    for network in networks:
        try:
            if ip in ipaddress.ip_network(network.strip(), strict=False):
                return True
        except ValueError:
            continue
    return False


def judge(
    signal: str,
    method: str,
    headers: Mapping[str, str],
    sent_at: datetime.datetime | None,
    now: datetime.datetime,
) -> Opening | None:
    """The opening that a request stands for; None for a request that opens nothing (HEAD and the like).

    :param signal: VERIFIED for the picture in the mail, CLICK for a link, PORTAL for a page shown to a
        customer who has signed in: its grade if a person made the request.
    :param headers: names in lower case.
    :param sent_at: when the mail left last; None if nobody knows.
    """
    if method.upper() != "GET":
        return None
    client, machine = client_kind(headers.get("user-agent", ""))
    if signal == PORTAL:
        return Opening(PORTAL, client)  # machines do not sign in
    if machine:
        return Opening(MACHINE, client, machine)
    purpose = " ".join(headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz", "x-purpose"))
    if "prefetch" in purpose.lower() or "preview" in purpose.lower():
        return Opening(MACHINE, client, "prefetch")
    if sent_at is not None and (now - sent_at).total_seconds() < SECONDS_TOO_FAST:
        return Opening(MACHINE, SCANNER, "too fast")
    return Opening(signal, client)
