"""aioxmpp, which manages its streams by itself: a line is cut, the client resumes, nothing is lost; and carbons.

Usage: aioxmpp_resumption.py HOST PORT JULIET ROMEO PASSWORD
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import socket
import sys

import aioxmpp
import aioxmpp.carbons
import aioxmpp.dispatcher

from aioxmpp_avatars import check, client_for


def listen(client):
    heard, copies = asyncio.Queue(), asyncio.Queue()

    def take(message):
        carbon = message.xep0280_received or message.xep0280_sent
        if carbon is not None:
            copies.put_nowait(carbon.stanza.body.any())
        elif message.body:
            heard.put_nowait(message.body.any())

    client.summon(aioxmpp.dispatcher.SimpleMessageDispatcher).register_callback(aioxmpp.MessageType.CHAT, None, take)
    return heard, copies


def chat(to, text):
    message = aioxmpp.Message(to=to, type_=aioxmpp.MessageType.CHAT)
    message.body[None] = text
    return message


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = client_for(juliet_jid + "/balcony", password, host, port)
    phone = client_for(romeo_jid + "/phone", password, host, port)
    desk = client_for(romeo_jid + "/desk", password, host, port)
    phone.backoff_start = phone.backoff_start / 10
    carbons = desk.summon(aioxmpp.carbons.CarbonsClient)
    heard, _ = listen(phone)
    _, copies = listen(desk)
    async with juliet.connected(), phone.connected(), desk.connected():
        check("streams are managed and can be resumed", phone.stream.sm_enabled and phone.stream.sm_resumable)
        await carbons.enable()
        await juliet.send(chat(phone.local_jid, "to the phone"))
        check("the phone hears", await asyncio.wait_for(heard.get(), 10) == "to the phone")
        check("the desk gets a copy", await asyncio.wait_for(copies.get(), 10) == "to the phone")

        stream = phone.stream.sm_id
        resumed = asyncio.Event()
        phone.on_stream_resumed.connect(resumed.set)
        phone.stream._xmlstream.transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        for number in range(5):
            await juliet.send(chat(phone.local_jid, f"missed {number}"))
        await asyncio.wait_for(resumed.wait(), 20)
        check("the phone comes back to its stream", phone.stream.sm_id == stream)
        missed = [await asyncio.wait_for(heard.get(), 10) for _ in range(5)]
        check("and gets what it missed, in order", missed == [f"missed {number}" for number in range(5)])
        await juliet.send(chat(phone.local_jid, "after"))
        check("and once only", await asyncio.wait_for(heard.get(), 10) == "after")


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
