"""slixmpp with stream management and carbons: a line is cut, the client comes back, nothing is lost and nothing comes twice.

Usage: slixmpp_resumption.py HOST PORT JULIET ROMEO PASSWORD
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import sys

from slixmpp_person import EVERYTHING, Person, arrive, check, until


class Device(Person):
    def __init__(self, jid, password):
        super().__init__(jid, password, EVERYTHING + ("xep_0198", "xep_0199", "xep_0203", "xep_0280", "xep_0297", "xep_0352"))
        self.heard = asyncio.Queue()
        self.copies = asyncio.Queue()
        self.resumed = asyncio.Queue()
        self.managed = asyncio.get_event_loop().create_future()
        self.add_event_handler("message", lambda message: message["body"] and self.heard.put_nowait((message["body"], message.xml.find("{urn:xmpp:delay}delay") is not None)))
        self.add_event_handler("carbon_received", lambda wrapper: self.copies.put_nowait(("received", wrapper["carbon_received"]["body"])))
        self.add_event_handler("carbon_sent", lambda wrapper: self.copies.put_nowait(("sent", wrapper["carbon_sent"]["body"])))
        self.add_event_handler("session_resumed", lambda _: self.resumed.put_nowait(True))
        self.add_event_handler("sm_enabled", lambda _: self.managed.done() or self.managed.set_result(True))


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet, phone, desk = Device(juliet_jid + "/balcony", password), Device(romeo_jid + "/phone", password), Device(romeo_jid + "/desk", password)
    await arrive(host, port, juliet, phone, desk)
    for device in (juliet, phone, desk):
        await asyncio.wait_for(device.managed, 10)
    check("all have their streams managed", True)

    await desk["xep_0280"].enable()
    juliet.send_message(mto=romeo_jid + "/phone", mbody="to the phone", mtype="chat")
    await until(phone.heard, lambda heard: heard[0] == "to the phone")
    check("the desk sees what the phone is sent", await asyncio.wait_for(desk.copies.get(), 10) == ("received", "to the phone"))
    phone.send_message(mto=juliet_jid, mbody="from the phone", mtype="chat")
    await until(juliet.heard, lambda heard: heard[0] == "from the phone")
    check("the desk sees what the phone sends", await asyncio.wait_for(desk.copies.get(), 10) == ("sent", "from the phone"))

    phone.transport.abort()
    for number in range(5):
        juliet.send_message(mto=romeo_jid + "/phone", mbody=f"missed {number}", mtype="chat")
    await asyncio.wait_for(juliet["xep_0199"].ping(juliet.boundjid.domain), 10)
    phone.connect((host, int(port)))
    await asyncio.wait_for(phone.resumed.get(), 20)
    check("the phone comes back to its stream", phone.boundjid.resource == "phone")
    missed = [await asyncio.wait_for(phone.heard.get(), 10) for _ in range(5)]
    check("and gets what it missed, in order", [body for body, _ in missed] == [f"missed {number}" for number in range(5)])
    check("with the time it was sent", all(late for _, late in missed))

    juliet.send_message(mto=romeo_jid + "/phone", mbody="after", mtype="chat")
    check("and once only", await asyncio.wait_for(phone.heard.get(), 10) == ("after", False))
    phone.send_message(mto=juliet_jid, mbody="here again", mtype="chat")
    await until(juliet.heard, lambda heard: heard[0] == "here again")
    check("what it says is heard", True)
    for device in (juliet, phone, desk):
        device.disconnect()
    await asyncio.sleep(0.2)


loop = asyncio.get_event_loop()
loop.run_until_complete(main(*sys.argv[1:6]))
