"""``mingzhang ui``: the site on this machine only, where a finding can be accepted; nothing else can be changed.

Who opens the address that the command prints gets a cookie with its token; no request without it is answered, and none that
another site or another name of this machine has caused. Pages may load nothing from elsewhere.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb

from ingest.terminal import visible
from ingest.views.site.pages import rendered
from ingest.views.site.write import write_site
from ingest.views.waivers import AcceptError, accept, declared

HOST = "127.0.0.1"
_COOKIE = "mingzhang"
_ACCEPT = "/accept/"
_ACCEPTED = "/accepted.html"
_MOST_BYTES = 20_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Vega makes functions of the expressions of a chart, and sets styles."""


class Server(ThreadingHTTPServer):
    """Serves one site to who knows its token. ``address`` is what a browser opens."""

    daemon_threads = True

    def __init__(self, warehouse: Path, folder: Path, waivers_file: Path, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.warehouse, self.folder, self.waivers_file = warehouse, folder, waivers_file
        self.token = secrets.token_urlsafe(24)
        self.host = f"{HOST}:{self.server_address[1]}"

    @property
    def address(self) -> str:
        """What a browser opens."""
        return f"http://{self.host}/?token={self.token}"


@contextmanager
def serving(
    warehouse: Path, folder: Path, waivers_file: Path, port: int, documents: Path | None = None, jobs: int = 1
) -> Iterator[Server]:
    """Write the site of a warehouse into a folder and listen; who uses it calls ``serve_forever``.

    Raises OSError where the folder, the waivers or the port cannot be used, duckdb.Error.
    """
    with waivers_file.open("r+b"):  # raises where it cannot be written
        write_site(warehouse, folder, documents, jobs, accepts=True)
    with Server(warehouse, folder, waivers_file, port) as server:
        yield server


class _Handler(SimpleHTTPRequestHandler):
    """One request. GET gives a page, POST to ``/accept/KEY`` accepts a finding; there is nothing else."""

    server: Server
    server_version = "mingzhang"
    sys_version = ""

    def __init__(self, request: Any, client: Any, server: Server) -> None:
        super().__init__(request, client, server, directory=str(server.folder))

    def do_GET(self) -> None:
        """A page or a file of the site."""
        asked = urlsplit(self.path)
        given = parse_qs(asked.query).get("token", [""])[0]
        if self._is_ours() and asked.path == "/" and secrets.compare_digest(given, self.server.token):
            self._go("/index.html", f"{_COOKIE}={self.server.token}; HttpOnly; SameSite=Strict; Path=/")
        elif not self._is_known():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif asked.path == _ACCEPTED:
            self._say(HTTPStatus.OK)
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Not served."""
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_POST(self) -> None:
        """Accept the finding that the path names, for the reason that the form gives."""
        length = self.headers.get("Content-Length", "")
        if not self._is_known() or self.headers.get("Origin") != f"http://{self.server.host}":
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        if not self.path.startswith(_ACCEPT) or not length.isdecimal() or int(length) > _MOST_BYTES:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        fields = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        try:
            self._accept(
                self.path.removeprefix(_ACCEPT), {name: values[0] for name, values in fields.items()}
            )
        except AcceptError as error:
            self._say(HTTPStatus.CONFLICT, error)
        except (OSError, duckdb.Error) as error:
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, error)
        else:
            self._go(_ACCEPTED)

    def _accept(self, key: str, fields: dict[str, str]) -> None:
        with duckdb.connect(str(self.server.warehouse), read_only=True) as con:
            found = con.execute(
                "select identity_id, document_id, coalesce(scope, '') from audit.fct_finding where finding_key = ? and not accepted",
                [key],
            ).fetchall()
        if not found:
            raise AcceptError("没有这条问题 no such finding")
        try:
            until = date.fromisoformat(fields.get("valid_until", ""))
        except ValueError as error:
            raise AcceptError("没有有效的截止日期 no valid last day") from error
        reason, person = (visible(fields.get(name, "")).strip() for name in ("reason", "decided_by"))
        accept(self.server.waivers_file, found[0], reason, person, date.today(), until)

    def _say(self, status: HTTPStatus, problem: object = "") -> None:
        waivers = declared(self.server.waivers_file)
        page = rendered("accepted.html", _ACCEPTED[1:], waivers=waivers, problem=problem).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _go(self, place: str, cookie: str | None = None) -> None:
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", place)
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_ours(self) -> bool:
        """Whether it was asked under the address that was given, and not under another name of this machine."""
        return self.headers.get("Host") == self.server.host

    def _is_known(self) -> bool:
        given = SimpleCookie(self.headers.get("Cookie", "")).get(_COOKIE)
        return (
            self._is_ours() and given is not None and secrets.compare_digest(given.value, self.server.token)
        )

    def end_headers(self) -> None:
        """What every answer says."""
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: Any) -> None:  # noqa: ARG002
        """Folders are not listed."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""
