"""A statement that a bank, or a gateway to banks, gives out at an address.

The address comes from a user, the request from our server, so it must not become a way into our network:
only https, only to public addresses, the address that was checked is the one that is connected to (a name
may resolve differently a moment later), redirects are not followed, proxies of the environment not used.
Hosts that the administrator named may be anything. The whole answer has a deadline and a size; a body that
ends before its announced length is an error, because half a statement must never look like a whole one.
"""

import base64
import contextlib
import email.message
import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from .base import FeedFile, SourceError

_CONNECT_SECONDS, _READ_SECONDS, _WHOLE_SECONDS = 10, 30, 120
_CHUNK = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DATE = re.compile(r"\{(date_from|date_to)(?::([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What to ask for.

    :param url: with ``{date_from}`` and ``{date_to}``, or ``{date_from:%d.%m.%Y}``
    :param header: name and value of the header that proves who we are, () for none
    :param hosts: lower case, hosts that may be private and spoken to without encryption
    :param limit: bytes that the answer may have
    :param seconds: for the whole of it
    """

    url: str
    date_from: date
    date_to: date
    limit: int
    header: tuple[str, str] | tuple[()] = field(default=(), repr=False)
    hosts: frozenset[str] = frozenset()
    seconds: float = _WHOLE_SECONDS

    @property
    def address(self):
        dates = {"date_from": self.date_from, "date_to": self.date_to}
        return _DATE.sub(
            lambda match: quote(dates[match[1]].strftime(match[2] or "%Y-%m-%d"), safe=""), self.url
        )


def basic(user, secret):
    """The header of user and password."""
    return ("Authorization", "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode())


class HttpSource:
    """See the module. `state` is what the last file's `FeedFile.state` was."""

    def __init__(self, request, state=None):
        self.request, self.state, self.problems = request, state or {}, []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def settle(self, file, accepted, report):
        """Nothing is to be moved: what was fetched is remembered by the feed."""

    def files(self):
        """Yield the file, or nothing when it is the one of the last time."""
        url = self.request.address
        # The entity tag belongs to one address; one with dates in it is another every day.
        known = self.state if self.state.get("url") == _digest(url.encode()) else {}
        headers = {"If-None-Match": known["etag"]} if known.get("etag") else {}
        answer = fetch(self.request, headers)
        if answer is None:
            return
        name, data, etag = answer
        digest = _digest(data)
        if data and digest != self.state.get("sha256"):
            state = {"url": _digest(url.encode()), "etag": etag, "sha256": digest}
            yield FeedFile(name, data, state=state)


def fetch(request, headers):
    """(file name, bytes, entity tag), None when there is nothing new. Raises `SourceError`."""
    try:
        parts = urlsplit(request.address)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise SourceError("http_url") from None
    if parts.scheme not in ("https", "http") or not host or parts.username or parts.password:
        raise SourceError("http_url")
    trusted = host in request.hosts
    if parts.scheme == "http" and not trusted:
        raise SourceError("http_plain", host=host)
    secure = parts.scheme == "https"
    port = port or (443 if secure else 80)
    expired = threading.Event()
    connection = http.client.HTTPConnection(host, port)
    connection.default_port = 443 if secure else 80
    with contextlib.closing(connection):
        try:
            sock = socket.create_connection((_resolve(host, port, trusted), port), _CONNECT_SECONDS)
            # In `connection` at once: closed with it whatever happens.
            connection.sock = sock
            if secure:
                connection.sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
            connection.sock.settimeout(min(_READ_SECONDS, request.seconds))
            with _deadline(connection.sock, request.seconds, expired):
                target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
                own = dict([request.header]) if request.header else {}
                common = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Odoo bank feed"}
                # The path may hold letters of any language; http.client wants ASCII.
                connection.request(
                    "GET", quote(target, safe="/?&=%:+,;@~!$'()*[]-._"), None, {**common, **headers, **own}
                )
                return _answer(connection.getresponse(), request, host, parts.path)
        except SourceError:
            # An answer that we cut off ourselves looks like one that ends too early.
            if expired.is_set():
                raise SourceError("http_timeout", host=host) from None
            raise
        except ssl.SSLCertVerificationError as error:
            raise SourceError("http_certificate", host=host, text=error.verify_message) from None
        except UnicodeError:
            raise SourceError("http_url") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            if expired.is_set() or isinstance(error, TimeoutError):
                raise SourceError("http_timeout", host=host) from None
            if isinstance(error, http.client.IncompleteRead):
                raise SourceError("http_cut", host=host) from None
            # Of an unknown error only the kind: its text may repeat what we sent.
            text = error.strerror if isinstance(error, OSError) else ""
            raise SourceError("http_failed", host=host, text=text or type(error).__name__) from None


def _answer(response, request, host, path):
    status = response.status
    if status in (204, 304):
        return None
    if 300 <= status < 400:
        place = urlsplit(response.headers.get("Location") or "").hostname or host
        raise SourceError("http_redirect", host=host, place=place[:100])
    if status in (401, 403):
        raise SourceError("http_denied", host=host, status=status)
    if status != 200:
        after = response.headers.get("Retry-After") or ""
        wait = int(after) if after.isascii() and after.isdigit() and len(after) < 7 else None
        raise SourceError("http_status", retry_after=wait, host=host, status=status)
    if (response.headers.get("Content-Encoding") or "identity").lower() != "identity":
        raise SourceError("http_failed", host=host, text="Content-Encoding")
    if (response.length or 0) > request.limit:
        raise SourceError("too_large", name=host)
    data = bytearray()
    while chunk := response.read(_CHUNK):
        data += chunk
        if len(data) > request.limit:
            raise SourceError("too_large", name=host)
    if response.length:
        raise SourceError("http_cut", host=host)
    etag = response.headers.get("ETag") or ""
    return _filename(response.headers, path), bytes(data), etag[:200] if etag.isprintable() else ""


@contextlib.contextmanager
def _deadline(sock, seconds, expired):
    """Cut the connection when the time for all of it is over: a server may drip byte by byte."""

    def cut():
        expired.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
        if expired.is_set():
            raise TimeoutError
    finally:
        timer.cancel()


def _resolve(host, port, trusted):
    """One address of the host; for hosts that nobody vouches for, all must be public."""
    try:
        found = [info[4][0] for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise SourceError("http_unknown_host", host=host) from None
    if not trusted and not all(is_public(address) for address in found):
        raise SourceError("http_private", host=host)
    return found[0]


def is_public(address):
    """Whether an IP address is one of the internet, also when it is wrapped into another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6:
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo or (None, None))[1]
        if ip in _NAT64:
            inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _filename(headers, path):
    message = email.message.Message()
    message["Content-Disposition"] = headers.get("Content-Disposition") or ""
    name = message.get_filename() or unquote(path).rpartition("/")[2] or "statement"
    name = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in name if char.isprintable())[:120] or "statement"


def _digest(data):
    return hashlib.sha256(data).hexdigest()
