"""aioxmpp publishes an avatar and reads one: its AvatarService (PEP first, vCard as fallback) against a vCard-only friend.

Usage: aioxmpp_avatars.py HOST PORT JULIET ROMEO PASSWORD
The two users are mutual contacts. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import base64
import hashlib
import sys

import aioxmpp
import aioxmpp.avatar
import aioxmpp.security_layer
import aioxmpp.vcard
from aioxmpp.connector import STARTTLSConnector

RED = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC")
BLUE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAS0lEQVR42u3PQQkAAAgAsetfWiP4FgYrsGqeExAQEBAQEBAQEBAQEBAQEBAQ"
    "EBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBA4LMf88OL0EKXAAAAAAElFTkSuQmCC")


def check(text, right):
    print(("ok    " if right else "WRONG ") + text, flush=True)
    if not right:
        sys.exit(1)


def client_for(jid, password, host, port):
    return aioxmpp.PresenceManagedClient(
        aioxmpp.JID.fromstr(jid),
        aioxmpp.make_security_layer(password, no_verify=True),
        override_peer=[(host, int(port), STARTTLSConnector())])


async def first_avatar(service, jid, wanted):
    """Waits until the descriptors of jid hold the wanted id; asks again whenever the service says that they changed."""
    changed = asyncio.Event()
    service.on_metadata_changed.connect(lambda *_: changed.set(), service.on_metadata_changed.ASYNC_WITH_LOOP(asyncio.get_event_loop()))
    while True:
        for descriptor in await service.get_avatar_metadata(jid, require_fresh=True):
            if descriptor.normalized_id == wanted:
                return descriptor
        await asyncio.wait_for(changed.wait(), 10)
        changed.clear()


async def main(host, port, juliet_jid, romeo_jid, password):
    juliet = client_for(juliet_jid, password, host, port)
    romeo = client_for(romeo_jid, password, host, port)
    juliet_avatars = juliet.summon(aioxmpp.avatar.AvatarService)
    romeo_avatars = romeo.summon(aioxmpp.avatar.AvatarService)
    romeo_cards = romeo.summon(aioxmpp.vcard.VCardService)
    async with juliet.connected(), romeo.connected():
        check("both log in over STARTTLS", True)

        avatar = aioxmpp.avatar.AvatarSet()
        avatar.add_avatar_image("image/png", image_bytes=RED, width=1, height=1)
        await juliet_avatars.publish_avatar_set(avatar)
        red = hashlib.sha1(RED).hexdigest()
        descriptor = await first_avatar(romeo_avatars, juliet.local_jid.bare(), red)
        check("romeo reads juliet's avatar", await descriptor.get_image_bytes() == RED)

        card = await romeo_cards.get_vcard(juliet.local_jid.bare())
        check("the vCard shows the same picture", card.get_photo_data() == RED)

        card = await romeo_cards.get_vcard()
        card.set_photo_data("image/png", BLUE)
        await romeo_cards.set_vcard(card)
        descriptor = await first_avatar(juliet_avatars, romeo.local_jid.bare(), hashlib.sha1(BLUE).hexdigest())
        check("juliet reads the picture romeo put into the vCard", await descriptor.get_image_bytes() == BLUE)

        await juliet_avatars.disable_avatar()
        try:
            await romeo_cards.get_vcard(juliet.local_jid.bare())
            check("a disabled avatar leaves the vCard too", False)
        except aioxmpp.errors.XMPPCancelError as error:
            check("a disabled avatar leaves the vCard too", error.condition == aioxmpp.ErrorCondition.SERVICE_UNAVAILABLE)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
