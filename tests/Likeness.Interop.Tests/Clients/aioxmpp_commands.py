"""aioxmpp's AdHocClient administers the server: lists commands, fills in forms, is refused where it may not.

Usage: aioxmpp_commands.py HOST PORT JULIET ROMEO PASSWORD
Juliet administers. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import sys

import aioxmpp
import aioxmpp.adhoc
import aioxmpp.forms

from aioxmpp_avatars import check, client_for

ADMIN = "http://jabber.org/protocol/admin#"
DOMAIN = aioxmpp.JID.fromstr("localhost")


async def do(commands, node, **filled):
    """Fills in the form of a command; the answer."""
    session = await commands.execute(DOMAIN, ADMIN + node)
    form = session.first_payload
    for field in form.fields:
        if field.var in filled:
            field.values[:] = [filled[field.var]]
    form.type_ = aioxmpp.forms.DataType.SUBMIT
    await session.proceed(payload=form)
    return session.response


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = client_for(juliet_jid, password, host, port)
    romeo = client_for(romeo_jid, password, host, port)
    hers, his = juliet.summon(aioxmpp.adhoc.AdHocClient), romeo.summon(aioxmpp.adhoc.AdHocClient)
    async with juliet.connected(), romeo.connected():
        check("the server knows commands", await hers.supports_commands(DOMAIN))
        nodes = {item.node for item in await hers.get_commands(DOMAIN)}
        check("juliet sees what she may do", {ADMIN + "add-user", ADMIN + "delete-user", ADMIN + "announce"} <= nodes)
        info = await hers.get_command_info(DOMAIN, ADMIN + "add-user")
        check("a command says what it is", any(identity.category == "automation" for identity in info.identities))

        done = await do(hers, "add-user", accountjid="nurse@localhost", password="angelica", **{"password-verify": "angelica"})
        check("juliet adds the nurse", done.status == aioxmpp.adhoc.CommandStatus.COMPLETED and "can log in" in done.notes[0].body)
        nurse = client_for("nurse@localhost", "angelica", host, port)
        async with nurse.connected():
            check("the nurse logs in", True)
        done = await do(hers, "add-user", accountjid="nurse@localhost", password="angelica", **{"password-verify": "angelica"})
        check("twice is told to be wrong", done.notes[0].type_ == aioxmpp.adhoc.xso.NoteType.ERROR)
        done = await do(hers, "delete-user", accountjids="nurse@localhost")
        check("juliet removes the nurse", "is gone" in done.notes[0].body)

        check("romeo sees no such commands", not any(item.node.startswith(ADMIN) for item in await his.get_commands(DOMAIN)))
        try:
            await his.execute(DOMAIN, ADMIN + "delete-user")
            check("romeo is refused", False)
        except aioxmpp.errors.XMPPCancelError as refused:
            check("romeo is refused", refused.condition == aioxmpp.errors.ErrorCondition.FORBIDDEN)


asyncio.run(main(*sys.argv[1:]))
