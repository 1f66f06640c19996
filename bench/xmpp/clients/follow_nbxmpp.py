"""Follows pictures with nbxmpp, which only tells of them: fetches what it is told of. Usage: follow_nbxmpp.py PORT"""
import sys

from gi.repository import GLib
from nbxmpp.client import Client
from nbxmpp.const import AvatarState, ConnectionProtocol, ConnectionType
from nbxmpp.namespaces import Namespace
from nbxmpp.protocol import JID, Presence
from nbxmpp.structs import StanzaHandler

client = Client()
client.set_domain("localhost")
client.set_username("me")
client.set_resource("x")
client.set_password("secret")
client.set_ignore_tls_errors(True)
client.set_custom_host(f"127.0.0.1:{sys.argv[1]}", ConnectionProtocol.TCP, ConnectionType.START_TLS)


def begin(*_):
    client.get_module("Roster").request_roster(None, callback=on_roster)


def on_roster(_):
    client.send_stanza(Presence())


def on_presence(_client, _stanza, properties):
    if properties.avatar_state == AvatarState.ADVERTISED:
        client.get_module("VCardTemp").request_vcard(jid=JID.from_string(properties.jid.bare))


def on_message(_client, _stanza, properties):
    if properties.is_pubsub_event and properties.pubsub_event.node == Namespace.AVATAR_METADATA and properties.pubsub_event.data:
        metadata = properties.pubsub_event.data
        client.get_module("UserAvatar").request_avatar_data(metadata.default, jid=properties.jid)


client.subscribe("connected", begin)
client.register_handler(StanzaHandler(name="presence", callback=on_presence, priority=50))
client.register_handler(StanzaHandler(name="message", callback=on_message, priority=50))
client.connect()
GLib.MainLoop().run()
