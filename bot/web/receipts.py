"""Receipts over the public API: of a case, for its applicant; and the public keys, for everybody."""

from __future__ import annotations

from typing import Any, Final

import orjson
from aiohttp import web

from bot.core.receipt import front
from bot.desk import UnknownFile
from bot.ports import CaseId, Receipts
from bot.web.problems import Trouble
from bot.web.service import Service, authorised, network_of, service_of

PDF: Final = "application/pdf"
JOSE: Final = "application/jose"
KEYS_TYPE: Final = "application/jwk-set+json"
_LONGEST_NUMBER: Final = 6


async def get_receipt(request: web.Request) -> web.Response:
    """``GET /submissions/{n}/receipt``: PDF, or what is signed alone, by ``Accept``; 404 before there is one."""
    jose = wants_jose(request.headers.get("Accept", ""))
    return await give(request, service_of(request), await authorised(request), jose=jose)


async def give(request: web.Request, service: Service, case: CaseId, *, jose: bool) -> web.Response:
    """The receipt of submission ``n`` of the address, for who may see the case. Raises :class:`Trouble`."""
    receipts, n = service.desk.receipts, _number(request.match_info["n"])
    if receipts is None or n is None:
        raise Trouble("not-found")
    with service.upload(network_of(request)):  # as much work as taking in a file
        try:
            situation, made, record = await service.desk.receipt(case, n)
        except UnknownFile:
            raise Trouble("not-found") from None
        name = f"bestaetigung-{made['reference']}-{n}"
        if jose:
            return _file(receipts.signed(made).encode(), JOSE, f"{name}.jws")
        first = front(situation, made, f"{service.settings.address}/receipt")
        return _file(await receipts.paper(made, first, record), PDF, f"{name}.pdf")


async def get_keys(request: web.Request) -> web.Response:
    """``GET /receipt-keys``: the JWK Set; old keys stay in it."""
    receipts: Receipts | None = service_of(request).desk.receipts
    keys: Any = {"keys": []} if receipts is None else receipts.keys()
    return web.Response(body=orjson.dumps(keys), content_type=KEYS_TYPE, headers={"Cache-Control": "no-store"})


def wants_jose(accepted: str) -> bool:
    """Is the signed text liked better than the PDF? Of equals the PDF wins, unless only the text is named."""
    weights = dict(_weighed(part) for part in accepted.split(",")[:20])
    other = weights.get(PDF, weights.get("application/*", weights.get("*/*", 0.0)))
    return weights.get(JOSE, 0.0) > other or (PDF not in weights and JOSE in weights and weights[JOSE] > 0)


def _weighed(part: str) -> tuple[str, float]:
    kind, *parameters = (each.strip().lower() for each in part.split(";"))
    weight = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, float(weight)
    except ValueError:
        return kind, 0.0


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)
