"""Serve the current release on this machine, to look at it in a browser."""

import argparse
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copyfileobj
from urllib.parse import unquote, urlsplit

from warehouse.home import find_home, told_in_one_line

DESCRIPTION = """\
Serve the current public release under BCBV_HOME on 127.0.0.1, for looking at on this machine alone;
with --internal the internal one. The Explorer opens by double click as well: this is for what a
browser does from a server only, such as reading api/v1 from a dashboard under test. To publish a
release, copy its folder to a web server. Ends with Ctrl-C.
"""
ADDRESS = "127.0.0.1"
PORT = 8000
START = "explorer/index.html"
# By the end of a name; what is not named here lies in no release.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".duckdb": "application/octet-stream",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


class Handler(BaseHTTPRequestHandler):
    """Files of one folder, to be read; no listing, nothing outside, nothing written."""

    # Neither which program answers, nor which version, is anybody's business.
    server_version = "bcbv"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, root: Path) -> None:
        self.root = root
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        """Answer with what would be said of a file."""
        self._answer(has_body=False)

    def log_message(self, *arguments: object) -> None:
        """Say nothing of each request."""

    def _answer(self, *, has_body: bool) -> None:
        if not self._is_for_this_machine():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        path = unquote(urlsplit(self.path).path)
        if path == "/":
            self._say(HTTPStatus.FOUND, {"Location": f"/{START}", "Content-Length": "0"})
            return
        file = file_of(self.root, path)
        if file is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        with file.open("rb") as source:
            headers = {
                "Content-Type": TYPES[file.suffix],
                "Content-Length": str(file.stat().st_size),
                # The next release has other files under the same names.
                "Cache-Control": "no-cache",
                "X-Content-Type-Options": "nosniff",
            }
            self._say(HTTPStatus.OK, headers)
            if has_body:
                copyfileobj(source, self.wfile)

    def _is_for_this_machine(self) -> bool:
        """Whether the browser asked for us: a page elsewhere may give our address another name."""
        host = self.headers.get("Host", "").rpartition(":")[0] or self.headers.get("Host", "")
        return host in (ADDRESS, "localhost")

    def _refuse(self, status: HTTPStatus) -> None:
        self._say(status, {"Content-Length": "0"})

    def _say(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()


def file_of(root: Path, path: str) -> Path | None:
    """The file of a release that a path of an address names; None where there is none to be served.

    `root` is resolved: no link leads out of it. Hidden files are of nobody's concern.
    """
    parts = [part for part in path.split("/") if part]
    if any(part.startswith(".") or "\0" in part for part in parts):
        return None
    file = root.joinpath(*parts).resolve()
    if file.is_dir():
        file = (file / "index.html").resolve()
    is_served = file.is_relative_to(root) and file.is_file() and file.suffix in TYPES
    return file if is_served else None


def main(arguments: list[str] | None = None) -> int:
    """Serve until stopped; 1 where there is no release."""
    args = _parser().parse_args(arguments)
    home = find_home()
    releases = home.internal if args.internal else home.published
    release = (releases / "current").resolve()
    if not release.is_dir():
        kind = " --internal" if args.internal else ""
        print(f"there is no release under {releases}: run publish.py{kind}", file=sys.stderr)
        return 1
    with (
        told_in_one_line(f"port {args.port} cannot be served on"),
        ThreadingHTTPServer((ADDRESS, args.port), partial(Handler, root=release)) as server,
    ):
        print(f"{release}\nhttp://{ADDRESS}:{server.server_port}/  (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port: 0 (any that is free) to 65535")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--internal", action="store_true", help="the internal release")
    parser.add_argument(
        "--port", type=_port, default=PORT, help=f"default {PORT}; 0: any that is free"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
