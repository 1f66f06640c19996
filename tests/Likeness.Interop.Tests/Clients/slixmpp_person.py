"""A person with a slixmpp client: what came of pictures waits in queues until a script asks for it."""
import asyncio
import ssl
import sys

import slixmpp

EVERYTHING = ("xep_0030", "xep_0115", "xep_0060", "xep_0163", "xep_0054", "xep_0084")


class Person(slixmpp.ClientXMPP):
    def __init__(self, jid, password, plugins=EVERYTHING):
        super().__init__(jid, password)
        for plugin in plugins:
            self.register_plugin(plugin)
        self.knows_pep = "xep_0084" in plugins
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE
        self.online = asyncio.get_event_loop().create_future()
        self.metadata = asyncio.Queue()
        self.hashes = asyncio.Queue()
        self.subscriptions = asyncio.Queue()
        self.add_event_handler("roster_update", self.take_roster)
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("avatar_metadata_publish", self.take_metadata)
        self.register_handler(slixmpp.xmlstream.handler.Callback(
            "photo hash", slixmpp.xmlstream.matcher.MatchXPath("{jabber:client}presence"), self.take_presence))

    async def begin(self, _):
        if self.knows_pep:
            self["xep_0163"].add_interest("urn:xmpp:avatar:metadata")
            await self["xep_0115"].update_caps()
        await self.get_roster()
        self.send_presence()
        self.online.set_result(True)

    def take_roster(self, push):
        for jid, item in push["roster"]["items"].items():
            self.subscriptions.put_nowait((str(jid), item["subscription"]))

    def take_metadata(self, event):
        """Queues who, and the ids of the pictures; no ids: the avatar is gone, or there was none."""
        infos = event["pubsub_event"]["items"]["item"]["avatar_metadata"]["items"]
        self.metadata.put_nowait((event["from"].bare, [info["id"] for info in infos]))

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


async def arrive(host, port, *people):
    for person in people:
        person.connect((host, int(port)))
        await asyncio.wait_for(person.online, 15)
    check("both log in over STARTTLS", True)


async def befriend(one, other):
    """Slixmpp answers requests to see presence by itself."""
    one.send_presence_subscription(pto=other.boundjid.bare)
    await until(one.subscriptions, lambda pair: pair == (other.boundjid.bare, "both"))
    await until(other.subscriptions, lambda pair: pair == (one.boundjid.bare, "both"))
    check("they become contacts", True)
