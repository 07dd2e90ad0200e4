"""What the main job and its test need around Odoo: a mail server that keeps its mails, a browser."""

import email
import email.policy
import re
import shutil
import socket
import time
from pathlib import Path

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """A real SMTP server on 127.0.0.1; keeps each message as a file and in memory."""

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self.messages = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.messages.append(message)
        if self.folder:
            (self.folder / f"{len(self.messages):04d}.eml").write_bytes(envelope.content)
        return "250 accepted"

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_exc):
        self._controller.stop()

    def wait(self, number: int, seconds: float = 90) -> list:
        """The first ``number`` messages; raises TimeoutError when they do not come in time."""
        end = time.monotonic() + seconds
        while len(self.messages) < number:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.messages)} of {number} mails arrived in {seconds:.0f} s")
            time.sleep(0.1)
        return self.messages[:number]


def html(message) -> str:
    return message.get_body(("html", "plain")).get_content()


def links(message) -> list[str]:
    """The signed links in a mail, in their order."""
    return [
        link.replace("&amp;", "&")
        for link in re.findall(r'href="([^"]*/i2c/invoice\?t=[^"]+)"', html(message))
    ]


def find_chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("no Chromium on this machine; dev/setup installs it")


def open_in_browser(url: str, picture: Path | None = None, width=1280, height=900) -> str:
    """Open an address as a customer does, and return the page's text."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        try:
            # Headless Chromium names itself so, and scanners do: a customer's browser does not.
            page = browser.new_page(
                viewport={"width": width, "height": height},
                user_agent=f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                f"Chrome/{browser.version} Safari/537.36",
            )
            page.goto(url, wait_until="networkidle")
            page.wait_for_timeout(1500)
            if picture:
                page.screenshot(path=str(picture))
            return page.inner_text("body")
        finally:
            browser.close()
