"""``mingzhang ui``: a finding is accepted with reason, person and last day; nothing else answers, and nothing else is changed."""

from __future__ import annotations

import http.client
import shutil
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

import duckdb
import pytest

from ingest.views.ui import Server, serving
from ingest.views.waivers import WAIVERS_FILE, declared, read_waivers
from tests.conftest import SampleBuild

TOMORROW = (date.today() + timedelta(days=1)).isoformat()
FORM = {"reason": "四舍五入", "decided_by": "王某", "valid_until": TOMORROW}


@pytest.fixture(scope="module")
def started(sample_build: SampleBuild, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the sample warehouse, with waivers of its own."""
    folder = tmp_path_factory.mktemp("served")
    waivers = folder / "registry" / "waivers.csv"
    waivers.parent.mkdir()
    shutil.copyfile(WAIVERS_FILE, waivers)
    with serving(sample_build.warehouse, folder / "ui", waivers, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(started: Server) -> Server:
    """The server, with the waivers as they were before any test."""
    shutil.copyfile(WAIVERS_FILE, started.waivers_file)
    return started


@pytest.fixture
def finding(warehouse: duckdb.DuckDBPyConnection) -> tuple[str, str, str, str]:
    """Key, identity, document and scope of a finding."""
    [found] = warehouse.execute(
        "select finding_key, identity_id, document_id, coalesce(scope, '') from audit.fct_finding where severity = 'error' and is_cause"
        " order by finding_key limit 1"
    ).fetchall()
    return found


def _ask(server: Server, path: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(*server.server_address[:2])
    said = {
        "Host": server.host, "Cookie": f"mingzhang={server.token}", "Origin": f"http://{server.host}",
        "Content-Type": "application/x-www-form-urlencoded",
    } | headers  # fmt: skip
    connection.request(
        "POST" if form is not None else "GET", path, urlencode(form) if form is not None else None, said
    )
    answer = connection.getresponse()
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy
    return answer.status, answer.headers.get("Location") or answer.read().decode("utf-8", "replace")


def test_a_finding_is_accepted_once_and_only_the_waivers_change(
    server: Server, finding: tuple[str, str, str, str], sample_build: SampleBuild
) -> None:
    key, identity, document, scope = finding
    before = {path: path.read_bytes() for path in (sample_build.warehouse, *server.folder.rglob("*.html"))}
    assert f'action="/accept/{key}"' in _ask(server, f"/document/{document}.html")[1]
    assert _ask(server, f"/accept/{key}", FORM) == (303, "/accepted.html")
    row = {"identity_id": identity, "document_id": document, "scope": scope, "reason_zh": "四舍五入", "decided_by": "王某",
           "decided_on": date.today().isoformat(), "valid_until": TOMORROW}  # fmt: skip
    assert declared(server.waivers_file) == [row]
    assert "四舍五入" in _ask(server, "/accepted.html")[1]
    assert _ask(server, f"/accept/{key}", FORM | {"reason": "another"})[0] == 409
    assert declared(server.waivers_file) == [row]
    with duckdb.connect(str(sample_build.warehouse), read_only=True) as con:
        [waiver] = read_waivers(con, server.waivers_file)
    assert (waiver.scope or "", waiver.status) == (scope, "unused"), "it counts from the next build"
    assert {path: path.read_bytes() for path in before} == before
    assert [path.name for path in server.waivers_file.parent.iterdir()] == ["waivers.csv"]


@pytest.mark.parametrize(
    "wrong",
    [{"reason": " "}, {"decided_by": ""}, {"reason": "长" * 501}, {"valid_until": "2020-01-01"}, {"valid_until": "soon"}],
)  # fmt: skip
def test_what_is_not_said_properly_is_not_written(
    server: Server, finding: tuple[str, str, str, str], wrong: dict[str, str]
) -> None:
    status, page = _ask(server, f"/accept/{finding[0]}", FORM | wrong)
    assert (status, 'role="alert"' in page) == (409, True)
    assert declared(server.waivers_file) == []


def test_only_who_was_given_the_address_is_answered(
    server: Server, finding: tuple[str, str, str, str]
) -> None:
    page, post = "/index.html", f"/accept/{finding[0]}"
    assert _ask(server, page)[0] == 200
    assert _ask(server, f"/?token={server.token}", Cookie="") == (303, "/index.html")
    refused = [
        _ask(server, page, Cookie=""), _ask(server, page, Cookie="mingzhang=guess"), _ask(server, page, Host="evil.example"),
        _ask(server, "/?token=guess", Cookie=""), _ask(server, f"/?token={server.token}", Cookie="", Host="evil.example"),
        _ask(server, post, FORM, Cookie=""), _ask(server, post, FORM, Origin="http://evil.example"),
        _ask(server, post, FORM, Origin="null"),
    ]  # fmt: skip
    assert {status for status, _ in refused} == {403}
    assert declared(server.waivers_file) == []


def test_nothing_else_is_there(server: Server, sample_build: SampleBuild) -> None:
    (server.folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    for path, status in {
        "/../secret.txt": 404, "/..%2fsecret.txt": 404, "/unit/": 404, f"/{sample_build.warehouse}": 404,
        "/accept/00000000000000000000000000000000": 404,
    }.items():  # fmt: skip
        assert _ask(server, path)[0] == status, path
    assert _ask(server, "/accept/0000", FORM)[0] == 409
    assert _ask(server, "/index.html", FORM)[0] == 400
    assert server.server_address[0] == "127.0.0.1"
