"""A release served for looking at: its files, of the right types, and nothing else."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from building import CHECKOUT, script

FILES = {
    "explorer/index.html": ("<h1>England</h1>", "text/html; charset=utf-8"),
    "explorer/core.js": ("var BCBV;", "text/javascript; charset=utf-8"),
    "api/v1/index.json": ("{}", "application/json; charset=utf-8"),
    "parquet/t.parquet": ("PAR1", "application/vnd.apache.parquet"),
    "csv/t.csv": ("a\n5E1\n", "text/csv; charset=utf-8"),
}


def make_release(releases: Path) -> Path:
    """A folder as a release is, and things about it that nobody is to see."""
    release = releases / "2007-01-01T090000.000000Z"
    for name, (text, _) in FILES.items():
        (release / name).parent.mkdir(parents=True, exist_ok=True)
        (release / name).write_text(text)
    (releases / "ledger").mkdir()
    (releases / "ledger" / "secret.json").write_text("{}")
    (release / "explorer" / "out.json").symlink_to(releases / "ledger" / "secret.json")
    (release / "way").symlink_to(releases / "ledger")
    (release / ".hidden.json").write_text("{}")
    (release / "program.sh").write_text("exit")
    (releases / "current").symlink_to(release.name)
    return release


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The command at work: the port that it says, and its release."""
    home = tmp_path_factory.mktemp("served")
    release = make_release(home / "published")
    serving = subprocess.Popen(
        [sys.executable, "scripts/serve.py", "--port", "0"],
        cwd=CHECKOUT,
        env=os.environ | {"BCBV_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout.readline().strip() == str(release)
    port = int(serving.stdout.readline().split("/")[2].partition(":")[2])
    yield port
    serving.send_signal(signal.SIGINT)
    assert serving.wait(10) == 0


def asked(port: int, path: str, method: str = "GET", host: str | None = None):
    """The answer to one request, and its body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{port}")
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_served_with_its_type(server, name):
    text, kind = FILES[name]
    answer, body = asked(server, f"/{name}?x=1")
    assert (answer.status, body.decode()) == (200, text)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer, body = asked(server, f"/{name}", "HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(text))


def test_the_address_alone_leads_to_the_explorer(server):
    answer, _ = asked(server, "/")
    assert (answer.status, answer.headers["Location"]) == (302, "/explorer/index.html")
    assert asked(server, "/explorer/")[1] == b"<h1>England</h1>"


@pytest.mark.parametrize(
    "path",
    [
        "/csv/",
        "/csv",
        "/../ledger/secret.json",
        "/%2e%2e/ledger/secret.json",
        "/explorer/..%2f..%2fledger/secret.json",
        "/explorer/out.json",
        "/way/secret.json",
        "//etc/passwd",
        "/.hidden.json",
        "/program.sh",
        "/nothing.json",
        "/csv/t.csv%00.json",
    ],
)
def test_nothing_else_is_served(server, path):
    answer, body = asked(server, path)
    assert (answer.status, body) == (404, b"")


def test_who_calls_this_machine_by_another_name_is_refused(server):
    """As a page elsewhere does that has its own name lead here."""
    assert asked(server, "/csv/t.csv", host="evil.example:8000")[0].status == 403
    assert asked(server, "/csv/t.csv", host=f"localhost:{server}")[0].status == 200


def test_nothing_is_written(server):
    for method in ("POST", "PUT", "DELETE"):
        assert asked(server, "/csv/t.csv", method)[0].status == 501


def test_only_one_address_is_answered(server):
    """Whoever listens on all of them answers on this one too."""
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", server), timeout=5)


def test_without_a_release_or_with_a_port_that_is_taken_one_line_says_so(tmp_path):
    for arguments in ((), ("--internal",)):
        stopped = script(tmp_path, "serve", *arguments)
        assert (stopped.status, stopped.err.count("\n")) == (1, 1)
        assert f"run publish.py{' --internal' if arguments else ''}" in stopped.err
    make_release(tmp_path / "internal")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        stopped = script(tmp_path, "serve", "--internal", "--port", port)
    assert (stopped.status, stopped.err.count("\n")) == (1, 1)
    assert f"port {port} cannot be served on" in stopped.err
