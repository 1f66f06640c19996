"""slixmpp publishes avatars by PEP and by vCard; two users see each other's pictures in every view.

Usage: slixmpp_avatars.py HOST PORT JULIET ROMEO PASSWORD
The two users become mutual contacts. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import hashlib
import ssl
import sys

import slixmpp

RED = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC")
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
RED_ID = hashlib.sha1(RED).hexdigest()
GIF_ID = hashlib.sha1(GIF).hexdigest()


class Person(slixmpp.ClientXMPP):
    def __init__(self, jid, password):
        super().__init__(jid, password)
        for plugin in ("xep_0030", "xep_0115", "xep_0060", "xep_0163", "xep_0054", "xep_0084"):
            self.register_plugin(plugin)
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE
        self.online = asyncio.get_event_loop().create_future()
        self.metadata = asyncio.Queue()
        self.hashes = asyncio.Queue()
        self.subscriptions = asyncio.Queue()
        self.add_event_handler("roster_update", self.take_roster)
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("avatar_metadata_publish", lambda event: self.metadata.put_nowait(event))
        self.register_handler(slixmpp.xmlstream.handler.Callback(
            "photo hash", slixmpp.xmlstream.matcher.MatchXPath("{jabber:client}presence"), self.take_presence))

    async def begin(self, _):
        self["xep_0163"].add_interest("urn:xmpp:avatar:metadata")
        await self["xep_0115"].update_caps()
        await self.get_roster()
        self.send_presence()
        self.online.set_result(True)

    def take_roster(self, push):
        for jid, item in push["roster"]["items"].items():
            self.subscriptions.put_nowait((str(jid), item["subscription"]))

    def take_presence(self, presence):
        photo = presence.xml.find("{vcard-temp:x:update}x/{vcard-temp:x:update}photo")
        if presence["type"] == "available" and photo is not None:
            self.hashes.put_nowait((presence["from"].bare, photo.text))


async def until(queue, wanted):
    while True:
        got = await asyncio.wait_for(queue.get(), 10)
        if wanted(got):
            return got


def check(text, right):
    print(("ok    " if right else "WRONG ") + text, flush=True)
    if not right:
        sys.exit(1)


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet, romeo = Person(juliet_jid, password), Person(romeo_jid, password)
    for person in (juliet, romeo):
        person.connect((host, int(port)))
        await asyncio.wait_for(person.online, 15)
    check("both log in over STARTTLS", True)

    juliet.send_presence_subscription(pto=romeo_jid)
    await until(juliet.subscriptions, lambda pair: pair == (romeo_jid, "both"))
    await until(romeo.subscriptions, lambda pair: pair == (juliet_jid, "both"))
    check("they become contacts", True)

    await juliet["xep_0084"].publish_avatar(RED)
    await juliet["xep_0084"].publish_avatar_metadata([
        {"id": RED_ID, "type": "image/png", "bytes": len(RED), "width": 1, "height": 1}])
    await until(romeo.metadata, lambda event: event["from"].bare == juliet_jid
                and event["pubsub_event"]["items"]["item"]["avatar_metadata"]["items"][0]["id"] == RED_ID)
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
    await until(juliet.metadata, lambda event: event["from"].bare == romeo_jid
                and event["pubsub_event"]["items"]["item"]["avatar_metadata"]["items"][0]["id"] == GIF_ID)
    check("a vCard photo of romeo reaches juliet by PEP", True)
    answer = await juliet["xep_0084"].retrieve_avatar(romeo_jid, GIF_ID)
    check("juliet reads it from the data node", answer["pubsub"]["items"]["item"]["avatar_data"]["value"] == GIF)

    await juliet["xep_0084"].stop()
    await until(romeo.hashes, lambda pair: pair[0] == juliet_jid and not pair[1])
    check("juliet's presence says that the avatar is gone", True)
    card = await romeo["xep_0054"].get_vcard(juliet_jid)
    check("and her vCard has no photo", not card["vcard_temp"]["PHOTO"]["BINVAL"])


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
