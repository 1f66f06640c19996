"""slixmpp publishes avatars by PEP and by vCard; two users see each other's pictures in every view.

Usage: slixmpp_avatars.py HOST PORT JULIET ROMEO PASSWORD
The two users become mutual contacts. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import hashlib
import sys

import slixmpp

from slixmpp_person import Person, arrive, befriend, check, until

RED = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC")
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
RED_ID = hashlib.sha1(RED).hexdigest()
GIF_ID = hashlib.sha1(GIF).hexdigest()


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet, romeo = Person(juliet_jid, password), Person(romeo_jid, password)
    await arrive(host, port, juliet, romeo)
    await befriend(juliet, romeo)

    await juliet["xep_0084"].publish_avatar(RED)
    await juliet["xep_0084"].publish_avatar_metadata([
        {"id": RED_ID, "type": "image/png", "bytes": len(RED), "width": "1", "height": "1"}])
    await until(romeo.metadata, lambda told: told == (juliet_jid, [RED_ID]))
    check("romeo is told of juliet's avatar by PEP", True)
    await until(romeo.hashes, lambda pair: pair == (juliet_jid, RED_ID))
    check("juliet's presence carries the hash", True)

    answer = await romeo["xep_0084"].retrieve_avatar(juliet_jid, RED_ID)
    check("romeo reads the data node", answer["pubsub"]["items"]["item"]["avatar_data"]["value"] == RED)
    card = await romeo["xep_0054"].get_vcard(juliet_jid)
    check("romeo sees the same picture in the vCard", card["vcard_temp"]["PHOTO"]["BINVAL"] == RED)

    mine = await romeo["xep_0054"].get_vcard(romeo_jid)
    card = mine["vcard_temp"]
    card["PHOTO"]["TYPE"] = "image/gif"
    card["PHOTO"]["BINVAL"] = GIF
    await romeo["xep_0054"].publish_vcard(card)
    await until(juliet.metadata, lambda told: told == (romeo_jid, [GIF_ID]))
    check("a vCard photo of romeo reaches juliet by PEP", True)
    answer = await juliet["xep_0084"].retrieve_avatar(romeo_jid, GIF_ID)
    check("juliet reads it from the data node", answer["pubsub"]["items"]["item"]["avatar_data"]["value"] == GIF)

    await juliet["xep_0084"].stop()
    await until(romeo.hashes, lambda pair: pair[0] == juliet_jid and not pair[1])
    check("juliet's presence says that the avatar is gone", True)
    try:
        await romeo["xep_0054"].get_vcard(juliet_jid)
        check("and she has no vCard any more", False)
    except slixmpp.exceptions.IqError as error:
        check("and she has no vCard any more", error.condition == "service-unavailable")


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
