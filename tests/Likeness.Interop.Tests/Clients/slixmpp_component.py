"""A bot made with slixmpp's ComponentXMPP answers for a domain of its own.

Usage: slixmpp_component.py HOST PORT JULIET ROMEO PASSWORD COMPONENT_PORT
Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import sys

import slixmpp

from slixmpp_person import EVERYTHING, Person, arrive, check

DOMAIN = "bot.localhost"


class Bot(slixmpp.ComponentXMPP):
    def __init__(self, secret, host, port):
        super().__init__(DOMAIN, secret, host, port)
        for plugin in ("xep_0030", "xep_0199", "xep_0092"):
            self.register_plugin(plugin)
        self["xep_0030"].add_identity(category="client", itype="bot", name="Echo")
        self.ready = asyncio.get_event_loop().create_future()
        self.seen = asyncio.Queue()
        self.add_event_handler("session_start", lambda _: self.ready.done() or self.ready.set_result(True))
        self.add_event_handler("message", self.echo)
        self.add_event_handler("presence_available", lambda presence: self.seen.put_nowait(presence["from"].full))

    def echo(self, message):
        if message["type"] in ("chat", "normal"):
            message.reply(message["body"].upper()).send()


async def main(host, port, juliet_jid, romeo_jid, password, component_port):
    bot = Bot("a secret of both", host, int(component_port))
    bot.connect()
    check("the bot is let in with the secret", await asyncio.wait_for(bot.ready, 10))

    juliet = Person(juliet_jid + "/balcony", password, EVERYTHING + ("xep_0199",))
    heard = asyncio.Queue()
    juliet.add_event_handler("message", lambda message: heard.put_nowait((message["from"].full, message["body"])))
    await arrive(host, port, juliet)
    items = await juliet["xep_0030"].get_items("localhost", timeout=10)
    check("the domain lists it", DOMAIN in {str(item[0]) for item in items["disco_items"]["items"]})
    info = await juliet["xep_0030"].get_info(DOMAIN, timeout=10)
    check("it says what it is", any(identity[:2] == ("client", "bot") for identity in info["disco_info"]["identities"]))
    check("it answers a ping", await juliet["xep_0199"].ping(DOMAIN, timeout=10) < 10)

    juliet.send_message(f"echo@{DOMAIN}/x", "wherefore", mtype="chat")
    check("it answers for every address of its own", await asyncio.wait_for(heard.get(), 10) == (f"echo@{DOMAIN}/x", "WHEREFORE"))
    juliet.send_presence(pto=f"echo@{DOMAIN}")
    check("it sees who shows itself", await asyncio.wait_for(bot.seen.get(), 10) == juliet_jid + "/balcony")

    rooms = await bot["xep_0030"].get_info("localhost", ifrom=DOMAIN, timeout=10)
    check("it asks the server", any(identity[:2] == ("server", "im") for identity in rooms["disco_info"]["identities"]))

    wrong = Bot("another secret", host, int(component_port))
    failed = asyncio.get_event_loop().create_future()
    wrong.add_event_handler("disconnected", lambda _: failed.done() or failed.set_result(True))
    wrong.connect()
    check("nobody else is let in", await asyncio.wait_for(failed, 10) and not wrong.ready.done())
    wrong.abort()
    juliet.disconnect()
    bot.disconnect()


asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
