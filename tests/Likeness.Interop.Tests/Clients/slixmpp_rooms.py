"""slixmpp in a room: joining, talking, subjects, moderation, the picture of somebody who is nobody's contact.

Usage: slixmpp_rooms.py HOST PORT JULIET ROMEO PASSWORD
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import hashlib
import sys

import slixmpp
import slixmpp.plugins.xep_0045.muc

from slixmpp_person import EVERYTHING, Person, arrive, check, until

# slixmpp 1.8 prints every delay it sees.
slixmpp.plugins.xep_0045.muc.print = lambda *_: None

RED = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC")
RED_ID = hashlib.sha1(RED).hexdigest()
ROOM = "garden@rooms.localhost"


class Guest(Person):
    def __init__(self, jid, password):
        super().__init__(jid, password, EVERYTHING + ("xep_0045", "xep_0199", "xep_0421"))
        self.said = asyncio.Queue()
        self.seen = asyncio.Queue()
        self.add_event_handler("groupchat_message", lambda message: self.said.put_nowait((message["from"].resource, message["body"])))
        self.register_handler(slixmpp.xmlstream.handler.Callback(
            "room presence", slixmpp.xmlstream.matcher.MatchXPath("{jabber:client}presence/{http://jabber.org/protocol/muc#user}x"), self.take_occupant))

    def take_occupant(self, presence):
        photo = presence.xml.find("{vcard-temp:x:update}x/{vcard-temp:x:update}photo")
        item = presence["muc"]
        self.seen.put_nowait((presence["from"].resource, presence["type"], item["role"], str(item["jid"]), photo.text if photo is not None else None))

    async def join(self, nick):
        await self["xep_0045"].join_muc_wait(ROOM, nick, maxstanzas=20, timeout=10)


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet, romeo = Guest(juliet_jid, password), Guest(romeo_jid, password)
    await arrive(host, port, juliet, romeo)

    services = await romeo["xep_0030"].get_items(jid="localhost")
    check("the domain has a service of rooms", any(item[0] == "rooms.localhost" for item in services["disco_items"]["items"]))

    await romeo.join("romeo")
    form = await romeo["xep_0045"].get_room_config(ROOM)
    form.reply()
    form["values"] = {"FORM_TYPE": "http://jabber.org/protocol/muc#roomconfig", "muc#roomconfig_roomname": "The garden", "muc#roomconfig_persistentroom": True}
    await romeo["xep_0045"].set_room_config(ROOM, form)
    info = await juliet["xep_0030"].get_info(jid=ROOM)
    check("romeo makes a room and configures it", ("conference", "text", None, "The garden") in info["disco_info"]["identities"] and "muc_persistent" in info["disco_info"]["features"])

    await juliet["xep_0084"].publish_avatar(RED)
    await juliet["xep_0084"].publish_avatar_metadata([
        {"id": RED_ID, "type": "image/png", "bytes": len(RED), "width": "1", "height": "1"}])
    await juliet["xep_0060"].set_node_config(None, "urn:xmpp:avatar:metadata", open_to_all(juliet))
    await juliet["xep_0060"].set_node_config(None, "urn:xmpp:avatar:data", open_to_all(juliet))
    await juliet.join("juliet")
    seen = await until(romeo.seen, lambda one: one[0] == "juliet")
    check("the room shows juliet's picture to romeo, who is no contact", seen[4] == RED_ID)
    card = await romeo["xep_0054"].get_vcard(slixmpp.JID(ROOM + "/juliet"))
    check("he reads it through the room", card["vcard_temp"]["PHOTO"]["BINVAL"] == RED)

    juliet.send_message(mto=ROOM, mbody="What light?", mtype="groupchat")
    await until(romeo.said, lambda pair: pair == ("juliet", "What light?"))
    await until(juliet.said, lambda pair: pair == ("juliet", "What light?"))
    check("both hear what juliet says", True)

    await juliet["xep_0199"].ping(slixmpp.JID(ROOM + "/juliet"), timeout=10)
    check("juliet finds herself still in the room", True)

    await romeo["xep_0045"].set_role(ROOM, "juliet", "visitor")
    await until(juliet.seen, lambda one: one[0] == "juliet" and one[2] == "visitor")
    await romeo["xep_0045"].set_affiliation(ROOM, "member", jid=slixmpp.JID(juliet_jid))
    await until(juliet.seen, lambda one: one[0] == "juliet" and one[2] == "participant")
    members = await romeo["xep_0045"].get_affiliation_list(ROOM, "member")
    check("romeo takes her voice and makes her a member", [str(member) for member in members] == [juliet_jid])

    juliet["xep_0045"].leave_muc(ROOM, "juliet", msg="good night")
    await until(romeo.seen, lambda one: one[:2] == ("juliet", "unavailable"))
    check("juliet leaves", True)
    await juliet.join("Capulet")
    await until(juliet.said, lambda pair: pair == ("juliet", "What light?"))
    check("coming back she is shown what was said", True)


def open_to_all(person):
    form = person["xep_0004"].make_form(ftype="submit")
    form.add_field(var="FORM_TYPE", ftype="hidden", value="http://jabber.org/protocol/pubsub#node_config")
    form.add_field(var="pubsub#access_model", value="open")
    return form


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
