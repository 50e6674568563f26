"""The page's own files, served as they lie in their folder."""

import hashlib
from pathlib import Path

from aiohttp import web

KINDS = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
FOR_GOOD = "max-age=31536000, immutable"
HEAD_ENDS = "  </head>"


class PageFiles:
    """Serves `/` and `/page/…`; a browser fetches each file once, and all of them at the same time.

    The page names its files under `/page/EDITION/`, where the edition changes with any of them, so
    that they may be kept for good. A file that is edited is there at the next reload.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._files: dict[str, bytes] = {}
        self._edition = ""

    def routes(self) -> list[web.RouteDef]:
        """The routes, to be added to the server."""
        return [web.get("/", self._index), web.get("/page/{path:.+}", self._asset)]

    async def _index(self, request: web.Request) -> web.Response:
        self._look()
        files = f"/page/{self._edition}"
        html = self._files.get("index.html", b"").decode().replace('"/page/', f'"{files}/')
        # Without these the browser learns of a module only from the one that imports it.
        modules = "".join(
            f'    <link rel="modulepreload" href="{files}/{path}" />\n'
            for path in self._files
            if path.startswith("js/")
        )
        html = html.replace(HEAD_ENDS, modules + HEAD_ENDS, 1)
        return _answer("index.html", html.encode(), "no-cache")

    async def _asset(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        edition, _, rest = path.partition("/")
        if edition == self._edition and rest in self._files:
            return _answer(rest, self._files[rest], FOR_GOOD)
        self._look()
        for name in (path, rest):  # an older edition's page gets what is there now
            if name in self._files:
                return _answer(name, self._files[name], "no-cache")
        return web.Response(status=404, text="not found")

    def _look(self) -> None:
        """Read the files anew if any of them has changed."""
        found = sorted(f for f in self._folder.rglob("*") if f.suffix in KINDS and f.is_file())
        names = [f.relative_to(self._folder).as_posix() for f in found]
        stats = [f.stat() for f in found]
        seen = tuple((n, s.st_mtime_ns, s.st_size) for n, s in zip(names, stats, strict=True))
        if seen == self._seen:
            return
        self._seen = seen
        self._files = {n: f.read_bytes() for n, f in zip(names, found, strict=True)}
        whole = hashlib.sha256()
        for name, content in self._files.items():
            whole.update(f"{name} {len(content)}\n".encode() + content)
        self._edition = whole.hexdigest()[:12]


def _answer(name: str, content: bytes, cache: str) -> web.Response:
    return web.Response(
        body=content,
        content_type=KINDS[Path(name).suffix],
        charset="utf-8",
        headers={"Cache-Control": cache, "X-Content-Type-Options": "nosniff"},
    )
