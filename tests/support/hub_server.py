"""A small hub on 127.0.0.1: it speaks as much of both hubs' APIs as their libraries use.

Files have faults, one for each request that asks for them; without a fault left, all goes well.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

REVISION = "0123456789abcdef0123456789abcdef01234567"


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one request."""

    kind: Literal["status", "cut", "stall", "slow", "corrupt", "whole", "gzip", "pass", "endless"]
    number: float = 0
    """A status; bytes before a cut or a stall; bytes a second."""
    headers: Mapping[str, str] = field(default_factory=dict)


def status(number: int, **headers: str) -> Fault:
    """Answer with a status and headers (an underscore stands for a hyphen)."""
    return Fault("status", number, {name.replace("_", "-"): v for name, v in headers.items()})


def cut(after: int) -> Fault:
    """Close the connection after so many bytes."""
    return Fault("cut", after)


def stall(after: int) -> Fault:
    """Send nothing more after so many bytes, and keep the connection."""
    return Fault("stall", after)


def slow(bytes_per_s: int) -> Fault:
    """Send so much a second."""
    return Fault("slow", bytes_per_s)


CORRUPT = Fault("corrupt")
"""Send other bytes, as many."""
WHOLE = Fault("whole")
"""Take no notice of a Range."""
PASS = Fault("pass")
"""Let one request through, and fail at a later one."""
GZIP = Fault("gzip")
"""Claim to have compressed what was asked for as it is."""
ENDLESS = Fault("endless")
"""Answer a question what there is with a list that never ends."""


@dataclass
class HubFile:
    """A file, and what goes wrong with it."""

    content: bytes
    is_lfs: bool
    faults: list[Fault] = field(default_factory=list)
    listed_size: int | None = None
    """What the hub says of its size; None: the truth."""
    listed_digest: str | None = None
    """What the hub says of its SHA-256; None: the truth."""


@dataclass
class Request:
    """One request that came."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in Title-Case, however they were sent."""


@dataclass
class Repository:
    """A model or a dataset."""

    files: dict[str, HubFile] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    """Of the questions what it is and what it holds."""
    listing: Any = None
    """What Hugging Face's listing says; None: the truth."""
    is_endless: bool = False
    """Whether each page of that listing names another one."""

    def add(self, path: str, content: bytes, *faults: Fault, is_lfs: bool | None = None) -> HubFile:
        """Put a file into it; weights and rows of data are LFS files."""
        large = path.endswith((".safetensors", ".bin", ".parquet")) if is_lfs is None else is_lfs
        self.files[path] = HubFile(content, large, list(faults))
        return self.files[path]


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing where whoever asked has gone."""


class HubServer:
    """Repositories behind an address, and what was asked of them."""

    def __init__(self) -> None:
        self.repositories: dict[tuple[str, str], Repository] = {}
        self.requests: list[Request] = []
        self.is_closing = threading.Event()
        self.files_at: str | None = None
        """Another address that files are redirected to, as to a CDN."""
        hub = self

        class Handler(_Handler):
            server_hub = hub

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}"

    def repository(self, id: str, kind: str = "model") -> Repository:
        """Return a repository, a new one where there is none of that name."""
        return self.repositories.setdefault((kind, id), Repository())

    def asked_for(self, path: str) -> list[Request]:
        """Return the requests for a file's content."""
        return [
            request
            for request in self.requests
            if request.method == "GET"
            and (request.path.endswith(f"/{path}") or f"FilePath={path}" in request.path)
        ]

    def close(self) -> None:
        self.is_closing.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def hub_server() -> Iterator[HubServer]:
    """Run a hub for the length of a block."""
    hub = HubServer()
    try:
        yield hub
    finally:
        hub.close()


@contextmanager
def silent_server() -> Iterator[str]:
    """Return an address that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def closed_endpoint() -> str:
    """Return an address at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


def git_sha1(content: bytes) -> str:
    """Return the id that git has for a file's content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    server_hub: HubServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms behind the headers

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub, parts = self.server_hub, urlsplit(self.path)
        hub.requests.append(
            Request(self.command, self.path, {n.title(): v for n, v in self.headers.items()})
        )
        asked = parse_qs(parts.query)
        for (kind, id), repository in hub.repositories.items():
            for start, answer in self._routes(kind, id):
                if parts.path == start or (start.endswith("/") and parts.path.startswith(start)):
                    answer(repository, unquote(parts.path[len(start) :]), asked)
                    return
        self._send(404, b"{}", {"X-Error-Code": "RepoNotFound"})

    def _routes(
        self, kind: str, id: str
    ) -> list[tuple[str, Callable[[Repository, str, dict[str, list[str]]], None]]]:
        files = f"/datasets/{id}" if kind == "dataset" else f"/{id}"
        return [
            (f"/api/{kind}s/{id}", self._hf_info),
            (f"/api/{kind}s/{id}/tree/", self._hf_tree),
            (f"{files}/resolve/", self._hf_file),
            (f"/api/v1/{kind}s/{id}", self._ms_info),
            (f"/api/v1/{kind}s/{id}/repo/files", self._ms_files),
            (f"/api/v1/{kind}s/{id}/repo/tree", self._ms_files),
            (f"/api/v1/{kind}s/{id}/repo", self._ms_file),
        ]

    # --- Hugging Face

    def _hf_info(self, repository: Repository, _rest: str, _asked: object) -> None:
        self._json(repository, {"id": "x/y", "sha": REVISION, "siblings": []})

    def _hf_tree(self, repository: Repository, _rest: str, _asked: object) -> None:
        if repository.listing is not None:
            link = f'<{self.server_hub.endpoint}{self.path}>; rel="next"'
            headers = {"Link": link} if repository.is_endless else {}
            body = json.dumps(repository.listing).encode()
            self._send(200, body, {"Content-Type": "application/json", **headers})
            return
        self._json(
            repository,
            [
                {"type": "directory", "path": "folder", "oid": "0" * 40, "size": 0},
                *(_hf_entry(path, file) for path, file in repository.files.items()),
            ],
        )

    def _hf_file(self, repository: Repository, rest: str, _asked: object) -> None:
        path = rest.partition("/")[2]
        if self.server_hub.files_at:
            self._send(302, b"", {"Location": self.server_hub.files_at + self.path})
            return
        self._file(repository, path, {"X-Repo-Commit": REVISION})

    # --- ModelScope

    def _ms_info(self, repository: Repository, _rest: str, _asked: object) -> None:
        self._json(repository, {"Code": 200, "Data": {"Name": "y"}})

    def _ms_files(self, repository: Repository, _rest: str, asked: dict[str, list[str]]) -> None:
        is_first = asked.get("PageNumber", ["1"]) == ["1"]
        entries = [
            {
                "Path": path,
                "Size": len(file.content),
                "Sha256": hashlib.sha256(file.content).hexdigest(),
                "Type": "blob",
            }
            for path, file in repository.files.items()
        ]
        self._json(repository, {"Code": 200, "Data": {"Files": entries if is_first else []}})

    def _ms_file(self, repository: Repository, _rest: str, asked: dict[str, list[str]]) -> None:
        self._file(repository, asked["FilePath"][0], {})

    # --- both

    def _json(self, repository: Repository, content: object) -> None:
        if repository.faults:
            fault = repository.faults.pop(0)
            if fault.kind == "status":
                self._send(int(fault.number), b"{}", fault.headers)
                return
            if fault.kind == "endless":
                return self._send_without_end()
            if fault.kind == "gzip":
                bomb = gzip.compress(bytes(10_000_000))
                return self._send(200, bomb, {"Content-Encoding": "gzip"})
        self._send(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def _send_without_end(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        with contextlib.suppress(OSError):  # whoever asked has gone
            self.wfile.write(b"[")
            while not self.server_hub.is_closing.is_set():
                self.wfile.write(b"[]," * 20_000)

    def _file(self, repository: Repository, path: str, extra: Mapping[str, str]) -> None:
        file = repository.files.get(path)
        if file is None:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        fault = file.faults.pop(0) if file.faults else None
        if fault and fault.kind == "status":
            self._send(int(fault.number), b"", fault.headers)
            return
        content = bytes(len(file.content)) if fault and fault.kind == "corrupt" else file.content
        headers = {"ETag": f'"{git_sha1(file.content)}"', "Accept-Ranges": "bytes", **extra}
        if fault and fault.kind == "gzip":
            headers["Content-Encoding"] = "gzip"
        asked = self.headers.get("Range", "")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        code = 200
        if fault and fault.kind == "whole":
            start = 0
        elif asked:
            if start >= len(content):
                self._send(416, b"", {"Content-Range": f"bytes */{len(content)}"})
                return
            code = 206
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(code, content[start:], headers, fault)

    def _send(
        self, code: int, body: bytes, headers: Mapping[str, str], fault: Fault | None = None
    ) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        try:
            self._send_body(body, fault)
        except OSError:
            self.close_connection = True  # whoever asked has gone

    def _send_body(self, body: bytes, fault: Fault | None) -> None:
        closing = self.server_hub.is_closing
        if fault and fault.kind in ("cut", "stall"):
            self.wfile.write(body[: int(fault.number)])
            self.wfile.flush()
            if fault.kind == "stall":
                closing.wait(20)
            self.close_connection = True
        elif fault and fault.kind == "slow":
            step = max(1, int(fault.number / 20))
            for start in range(0, len(body), step):
                if closing.is_set():
                    return
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.wfile.write(body)


def _hf_entry(path: str, file: HubFile) -> dict[str, Any]:
    size = len(file.content) if file.listed_size is None else file.listed_size
    entry: dict[str, Any] = {
        "type": "file",
        "path": path,
        "size": size,
        "oid": git_sha1(file.content),
    }
    if file.is_lfs:
        digest = file.listed_digest or hashlib.sha256(file.content).hexdigest()
        entry["lfs"] = {"oid": digest, "size": size, "pointerSize": 134}
    return entry


def main() -> None:
    """Serve one model at a chosen speed, to look at the screens by hand."""
    import sys

    hub = HubServer()
    model = hub.repository("tiny/model")
    model.add("config.json", b'{"model_type": "llama"}')
    model.add("modeling_tiny.py", b"print('hello')\n")
    for number in (1, 2):
        weights = bytes(range(256)) * 4000 * int(sys.argv[1] if len(sys.argv) > 1 else 20)
        model.add(
            f"model-0000{number}-of-00002.safetensors",
            weights + bytes([number]),
            *[slow(3_000_000)] * 50,
        )
    print(hub.endpoint, flush=True)
    hub.is_closing.wait()


if __name__ == "__main__":
    main()
