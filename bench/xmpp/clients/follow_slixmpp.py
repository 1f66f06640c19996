"""Follows pictures with slixmpp, as its example download_avatars.py does: fetches what it is told of. Usage: follow_slixmpp.py PORT"""
import asyncio
import ssl
import sys

import slixmpp


class Follower(slixmpp.ClientXMPP):
    def __init__(self):
        super().__init__("me@localhost", "secret")
        for plugin in ("xep_0030", "xep_0054", "xep_0060", "xep_0115", "xep_0163", "xep_0084", "xep_0153"):
            self.register_plugin(plugin)
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE
        self.add_event_handler("session_start", self.begin)
        self.add_event_handler("vcard_avatar_update", self.on_vcard)
        self.add_event_handler("avatar_metadata_publish", self.on_metadata)

    async def begin(self, _):
        await self.get_roster()
        self.send_presence()

    async def on_vcard(self, presence):
        await self["xep_0054"].get_vcard(presence["from"].bare, cached=True)

    async def on_metadata(self, message):
        for item in message["pubsub_event"]["items"]:
            for info in item["avatar_metadata"]["items"]:
                if not info["url"]:
                    await self["xep_0084"].retrieve_avatar(message["from"], info["id"])


follower = Follower()
follower.connect(("127.0.0.1", int(sys.argv[1])))
asyncio.get_event_loop().run_forever()
