"""The scanner, against a server that speaks clamd's protocol: it is believed only where it gives a clear verdict."""

import asyncio
import struct
from contextlib import suppress

import pytest

from bot.evidence.clamd import Scanner
from bot.ports import EvidenceDown

BAD = b"malware"


class Clamd:
    """Reads a whole INSTREAM and answers; ``answer`` overrides what it says."""

    def __init__(self, answer=None):
        self.answer, self.received = answer, []

    async def serve(self, reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
            data = b""
            while length := struct.unpack(">I", await reader.readexactly(4))[0]:
                data += await reader.readexactly(length)
            self.received.append(data)
            found = b"stream: Test.Sample FOUND\0" if BAD in data else b"stream: OK\0"
            writer.write(found if self.answer is None else self.answer)
            await writer.drain()
        writer.close()


def asked(data, server, *, seconds=5.0, unix=None):
    """What the scanner says about ``data``, over TCP or a unix socket at ``unix``."""

    async def whole():
        if unix is None:
            serving = await asyncio.start_server(server.serve, "127.0.0.1", 0)
            address = f"127.0.0.1:{serving.sockets[0].getsockname()[1]}"
        else:
            serving, address = await asyncio.start_unix_server(server.serve, unix), str(unix)
        async with serving:
            return await Scanner(address, seconds=seconds).clean(data)

    return asyncio.run(whole())


@pytest.mark.parametrize("over", ["tcp", "unix"])
@pytest.mark.parametrize(("data", "clean"), [(b"ordinary", True), (b"x" + BAD, False), (b"", True)])
def test_a_verdict_is_told(data, clean, over, tmp_path):
    server = Clamd()
    assert asked(data, server, unix=tmp_path / "clamd.ctl" if over == "unix" else None) is clean
    assert server.received == [data]


def test_a_large_file_arrives_whole():
    server, data = Clamd(), bytes(range(256)) * 40_000 + BAD
    assert asked(data, server) is False
    assert server.received == [data]


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0", b"", b"\0", b"stream: OK", b"OK\0", b"stream: NOT OK\0",
        b"stream: \xff ERROR\0", b"x" * 9_000 + b"\0", b"UNKNOWN COMMAND\0", b"stream: OK and more\0",
    ],
)  # fmt: skip
def test_no_clear_verdict_is_no_verdict(answer):
    with pytest.raises(EvidenceDown) as down:
        asked(b"ordinary", Clamd(answer))
    assert down.value.retry_after


def test_a_scanner_that_does_not_answer_is_not_waited_for_long():
    class Silent(Clamd):
        async def serve(self, reader, writer):
            with suppress(asyncio.CancelledError):
                await reader.read()
            writer.close()

    with pytest.raises(EvidenceDown, match="in time"):
        asked(b"ordinary", Silent(), seconds=0.2)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_without_a_scanner_evidence_is_down(address):
    with pytest.raises(EvidenceDown):
        asyncio.run(Scanner(address).clean(b"ordinary"))
