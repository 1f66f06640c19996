"""aioxmpp in a room: its MUCClient joins, talks, changes nick and subject, whispers, kicks, and reads a card through the room.

Usage: aioxmpp_rooms.py HOST PORT JULIET ROMEO PASSWORD
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import sys

import aioxmpp
import aioxmpp.im.p2p
import aioxmpp.muc
import aioxmpp.vcard

from aioxmpp_avatars import RED, check, client_for

ROOM = aioxmpp.JID.fromstr("orchard@rooms.localhost")


async def until(queue, wanted):
    while True:
        got = await asyncio.wait_for(queue.get(), 10)
        if wanted(got):
            return got


def listen(room):
    heard = asyncio.Queue()

    def on_message(message, member, source, **_):
        heard.put_nowait((member.nick if member else None, message.body.any() if message.body else None))

    room.on_message.connect(on_message)
    return heard


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = client_for(juliet_jid, password, host, port)
    romeo = client_for(romeo_jid, password, host, port)
    juliet_rooms, romeo_rooms = juliet.summon(aioxmpp.MUCClient), romeo.summon(aioxmpp.MUCClient)
    juliet_cards, romeo_cards = juliet.summon(aioxmpp.vcard.VCardService), romeo.summon(aioxmpp.vcard.VCardService)
    async with juliet.connected(), romeo.connected():
        check("both log in over STARTTLS", True)
        card = await juliet_cards.get_vcard()
        card.set_photo_data("image/png", RED)
        await juliet_cards.set_vcard(card)

        hers, joined = juliet_rooms.join(ROOM, "juliet")
        await asyncio.wait_for(joined, 10)
        form = await juliet_rooms.get_room_config(ROOM)
        form = aioxmpp.muc.xso.ConfigurationForm.from_xso(form)
        form.roomname.value = "The orchard"
        await juliet_rooms.set_room_config(ROOM, form.render_reply())
        check("juliet makes a room and configures it by its form", hers.me.affiliation == "owner")

        his, joined = romeo_rooms.join(ROOM, "romeo")
        await asyncio.wait_for(joined, 10)
        check("romeo enters and sees her", sorted(member.nick for member in his.members) == ["juliet", "romeo"])
        her_ears, his_ears = listen(hers), listen(his)

        message = aioxmpp.Message(type_=aioxmpp.MessageType.GROUPCHAT)
        message.body[None] = "He jests at scars"
        his.send_message(message)
        await until(her_ears, lambda pair: pair == ("romeo", "He jests at scars"))
        await until(his_ears, lambda pair: pair == ("romeo", "He jests at scars"))
        check("both hear what romeo says", True)

        renamed = asyncio.get_event_loop().create_future()
        hers.on_nick_changed.connect(lambda member, old, new, **_: renamed.done() or renamed.set_result((old, new)))
        await his.set_nick("montague")
        check("romeo takes another nick", await asyncio.wait_for(renamed, 10) == ("romeo", "montague"))

        topic = asyncio.get_event_loop().create_future()
        his.on_topic_changed.connect(lambda member, new, **_: topic.done() or topic.set_result(new.any()))
        await hers.set_topic({None: "Names"})
        check("juliet sets the subject", await asyncio.wait_for(topic, 10) == "Names")

        card = await romeo_cards.get_vcard(ROOM.replace(resource="juliet"))
        check("romeo reads her picture through the room", card.get_photo_data() == RED)

        left = asyncio.get_event_loop().create_future()
        his.on_exit.connect(lambda *_, muc_leave_mode=None, **__: left.done() or left.set_result(muc_leave_mode))
        await hers.kick(next(member for member in hers.members if member.nick == "montague"), reason="the nurse comes")
        check("juliet kicks him", await asyncio.wait_for(left, 10) == aioxmpp.muc.LeaveMode.KICKED)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
