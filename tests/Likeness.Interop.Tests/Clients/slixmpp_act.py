"""One act of a person with a slixmpp client, beside the person's other clients or as a contact.

Usage: slixmpp_act.py HOST PORT JID PASSWORD publish-pep|publish-vcard|clear-pep|clear-vcard|see JULIET ID|none
The picture that is published is blue. Prints one line per checked step; the first wrong one ends with status 1.
"""
import asyncio
import hashlib
import sys

import slixmpp

from aioxmpp_avatars import BLUE
from slixmpp_person import Person, check, until

BLUE_ID = hashlib.sha1(BLUE).hexdigest()


async def own_card(person):
    try:
        return (await person["xep_0054"].get_vcard(person.boundjid.bare))["vcard_temp"]
    except slixmpp.exceptions.IqError:
        return person["xep_0054"].make_vcard()


async def see(person, juliet, wanted):
    if wanted == "none":
        await until(person.metadata, lambda told: told == (juliet, []))
        check("the contact is told that there is no picture", True)
        return
    await until(person.metadata, lambda told: told == (juliet, [wanted]))
    check("the contact is told of the picture by PEP", True)
    answer = await person["xep_0084"].retrieve_avatar(juliet, wanted)
    data = answer["pubsub"]["items"]["item"]["avatar_data"]["value"]
    check("and reads it", hashlib.sha1(data).hexdigest() == wanted)
    card = (await person["xep_0054"].get_vcard(juliet))["vcard_temp"]
    check("the vCard shows it, too", hashlib.sha1(card["PHOTO"]["BINVAL"]).hexdigest() == wanted)


async def main(host, port, jid, password, act, *more):
    person = Person(jid, password)
    person.connect((host, int(port)), force_starttls=False)
    await asyncio.wait_for(person.online, 15)
    if act == "see":
        await see(person, *more)
    elif act == "publish-pep":
        await person["xep_0084"].publish_avatar(BLUE)
        await person["xep_0084"].publish_avatar_metadata([
            {"id": BLUE_ID, "type": "image/png", "bytes": len(BLUE), "width": "64", "height": "64"}])
    elif act == "publish-vcard":
        card = await own_card(person)
        card["PHOTO"]["TYPE"] = "image/png"
        card["PHOTO"]["BINVAL"] = BLUE
        await person["xep_0054"].publish_vcard(card)
    elif act == "clear-pep":
        await person["xep_0084"].stop()
    else:
        card = await own_card(person)
        del card["PHOTO"]
        await person["xep_0054"].publish_vcard(card)
    check(f"{act} is done", True)
    person.disconnect()
    await asyncio.sleep(0.2)


if __name__ == "__main__":
    asyncio.get_event_loop().run_until_complete(main(*sys.argv[1:]))
