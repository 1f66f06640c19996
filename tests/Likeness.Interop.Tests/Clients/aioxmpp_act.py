"""One act of a person with an aioxmpp client, beside the person's other clients or as a contact.

Usage: aioxmpp_act.py HOST PORT JID PASSWORD publish-pep|publish-vcard|clear-pep|clear-vcard|see JULIET ID|none
The picture that is published is blue. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import hashlib
import sys

import aioxmpp
import aioxmpp.avatar
import aioxmpp.vcard

from aioxmpp_avatars import BLUE, check, client_for, first_avatar


async def see(client, avatars, cards, juliet, wanted):
    juliet = aioxmpp.JID.fromstr(juliet)
    if wanted == "none":
        found = await avatars.get_avatar_metadata(juliet, require_fresh=True)
        check("the contact finds no picture", not list(found))
        return
    descriptor = await first_avatar(avatars, juliet, wanted)
    check("the contact reads it", hashlib.sha1(await descriptor.get_image_bytes()).hexdigest() == wanted)
    card = await cards.get_vcard(juliet)
    check("the vCard shows it, too", hashlib.sha1(card.get_photo_data()).hexdigest() == wanted)


async def main(host, port, jid, password, act, *more):
    client = client_for(jid, password, host, port)
    avatars = client.summon(aioxmpp.avatar.AvatarService)
    cards = client.summon(aioxmpp.vcard.VCardService)
    async with client.connected():
        if act == "see":
            await see(client, avatars, cards, *more)
        elif act == "publish-pep":
            avatar = aioxmpp.avatar.AvatarSet()
            avatar.add_avatar_image("image/png", image_bytes=BLUE, width=64, height=64)
            await avatars.publish_avatar_set(avatar)
        elif act == "clear-pep":
            await avatars.disable_avatar()
        else:
            card = await cards.get_vcard()
            card.clear_photo_data()
            if act == "publish-vcard":
                card.set_photo_data("image/png", BLUE)
            await cards.set_vcard(card)
        check(f"{act} is done", True)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
