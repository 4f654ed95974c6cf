"""Listens with TLS on a free port of 127.0.0.1 and hands the bytes on to another port, and back.

Arguments: certificate, key, the port to connect to, and the one version to speak. Prints `listening PORT`, then `secured`
for each connection whose handshake succeeded.
"""

import asyncio
import ssl
import sys

certificate, key, target, version = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)


async def hand_on(reader, writer):
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()
    except OSError:
        writer.close()


async def relay(reader, writer):
    print("secured", flush=True)
    back, on = await asyncio.open_connection("127.0.0.1", int(target))
    await asyncio.gather(hand_on(reader, on), hand_on(back, writer))


async def main():
    server = await asyncio.start_server(relay, "127.0.0.1", 0, ssl=context)
    print("listening", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
