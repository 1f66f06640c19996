"""A client that knows only vCard avatars (XEP-0054, XEP-0153) and one that knows only PEP (XEP-0084) see each other's pictures.

Usage: slixmpp_vcard_and_pep.py HOST PORT JULIET ROMEO PASSWORD
Juliet's client is the old one. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import hashlib
import sys

from slixmpp_person import Person, arrive, befriend, check, until

RED = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC")
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
RED_ID = hashlib.sha1(RED).hexdigest()
GIF_ID = hashlib.sha1(GIF).hexdigest()


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = Person(juliet_jid, password, ("xep_0030", "xep_0054", "xep_0153"))
    romeo = Person(romeo_jid, password, ("xep_0030", "xep_0115", "xep_0060", "xep_0163", "xep_0084"))
    await arrive(host, port, juliet, romeo)
    await befriend(juliet, romeo)

    await juliet["xep_0153"].set_avatar(avatar=GIF, mtype="image/gif")
    await until(romeo.metadata, lambda told: told == (juliet_jid, [GIF_ID]))
    check("romeo is told by PEP of the picture in juliet's vCard", True)
    answer = await romeo["xep_0084"].retrieve_avatar(juliet_jid, GIF_ID)
    check("romeo reads it from the data node", answer["pubsub"]["items"]["item"]["avatar_data"]["value"] == GIF)

    await romeo["xep_0084"].publish_avatar(RED)
    await romeo["xep_0084"].publish_avatar_metadata([
        {"id": RED_ID, "type": "image/png", "bytes": len(RED), "width": "1", "height": "1"}])
    await until(juliet.hashes, lambda pair: pair == (romeo_jid, RED_ID))
    check("juliet sees the hash of romeo's avatar in his presence", True)
    card = await juliet["xep_0054"].get_vcard(romeo_jid)
    check("juliet reads it from his vCard", card["vcard_temp"]["PHOTO"]["BINVAL"] == RED)

    await romeo["xep_0084"].stop()
    await until(juliet.hashes, lambda pair: pair == (romeo_jid, None))
    check("juliet sees that romeo's avatar is gone", True)

    # Another field stays, so the card itself is still there.
    card = juliet["xep_0054"].make_vcard()
    card["FN"] = "Juliet"
    await juliet["xep_0054"].publish_vcard(card)
    await until(romeo.metadata, lambda told: told == (juliet_jid, []))
    check("romeo is told that the picture left juliet's vCard", True)
    card = await juliet["xep_0054"].get_vcard(juliet_jid)
    check("the card keeps its name", card["vcard_temp"]["FN"] == "Juliet")
    check("and has no picture", card["vcard_temp"].xml.find("{vcard-temp}PHOTO") is None)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
