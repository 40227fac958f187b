"""/metrics, /healthz and /readyz of a worker."""

import errno
from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from services.chassis.verdicts import Fatal

Verdict = Callable[[], str | None]
"""None: all is well; else what is wrong, in one line without PHI."""


class Web:
    """A small HTTP server, on loopback unless told otherwise."""

    def __init__(self, host: str, port: int, healthy: Verdict, ready: Verdict) -> None:
        self._host = host
        self._port = port
        self._runner: web.AppRunner | None = None
        self._app = web.Application()
        self._app.router.add_get("/metrics", self._metrics)
        self._app.router.add_get("/healthz", self._verdict(healthy))
        self._app.router.add_get("/readyz", self._verdict(ready))

    async def start(self) -> int:
        """Listen; the answer is the port, which matters if 0 was asked for. Raises Fatal where another has the port."""
        self._runner = web.AppRunner(self._app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            what = errno.errorcode.get(error.errno or 0, type(error).__name__)
            raise Fatal(
                f"cannot listen on {self._host}:{self._port} ({what}): end what listens there, or set another "
                "OVERTURN_METRICS_HOST or OVERTURN_METRICS_PORT"
            ) from error
        port: int = self._runner.addresses[0][1]
        return port

    async def stop(self) -> None:
        """Close the port."""
        if self._runner is not None:
            await self._runner.cleanup()

    @staticmethod
    async def _metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    @staticmethod
    def _verdict(ask: Verdict) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(_: web.Request) -> web.Response:
            wrong = ask()
            return web.Response(text=wrong or "ok", status=503 if wrong else 200)

        return answer
