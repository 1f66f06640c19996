"""slixmpp shares a file: it finds the service, is given a slot, puts the file, and the other reads it by its address.

Usage: slixmpp_upload.py HOST PORT JULIET ROMEO PASSWORD
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import io
import os
import sys

import aiohttp
import slixmpp.plugins.xep_0363

from slixmpp_person import EVERYTHING, Person, arrive, check

CONTENT = os.urandom(300_000)


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = Person(juliet_jid + "/balcony", password, EVERYTHING + ("xep_0363",))
    await arrive(host, port, juliet)
    files = juliet["xep_0363"]

    # slixmpp 1.8 looks for the service in a way that Python 3.11 refuses.
    items = await juliet["xep_0030"].get_items("localhost", timeout=10)
    for jid in {item[0] for item in items["disco_items"]["items"]}:
        info = await juliet["xep_0030"].get_info(jid, timeout=10)
        if ("store", "file") in {identity[:2] for identity in info["disco_info"]["identities"]}:
            files.upload_service = info["from"]
            files.max_file_size = max(int(form["values"]["max-file-size"]) for form in info["disco_info"].iterables)
    url = await files.upload_file("a picture of us?.jpg", size=len(CONTENT), content_type="image/jpeg", input_file=io.BytesIO(CONTENT), timeout=10)
    check("the service is found below the domain", str(files.upload_service) == "upload.localhost")
    check("its limit is told", files.max_file_size == 25 * 1024 * 1024)
    check("the address keeps the name", url.endswith("/a%20picture%20of%20us%3F.jpg"))
    async with aiohttp.ClientSession() as web:
        async with web.get(url) as answer:
            check("whoever knows the address reads the file", answer.status == 200 and await answer.read() == CONTENT)
            check("with its type and nothing else", answer.headers["Content-Type"] == "image/jpeg" and answer.headers["X-Content-Type-Options"] == "nosniff")
        async with web.get(url, headers={"Range": "bytes=1000-1999"}) as part:
            check("a part can be asked for", part.status == 206 and await part.read() == CONTENT[1000:2000])
    try:
        await files.upload_file("film.mp4", size=26 * 1024 * 1024, content_type="video/mp4", input_file=io.BytesIO(b""), timeout=10)
        check("what is too large is refused", False)
    except slixmpp.plugins.xep_0363.http_upload.FileTooBig:
        check("what is too large is refused", True)
    juliet.disconnect()


asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
