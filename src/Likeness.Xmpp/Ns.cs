namespace Likeness.Xmpp;

/// <summary>Namespaces, in the order of their documents.</summary>
public static class Ns
{
    public const string Xml = "http://www.w3.org/XML/1998/namespace";

    // RFC 6120
    public const string Streams = "http://etherx.jabber.org/streams";
    public const string Client = "jabber:client";
    public const string Server = "jabber:server";
    public const string StreamErrors = "urn:ietf:params:xml:ns:xmpp-streams";
    public const string StanzaErrors = "urn:ietf:params:xml:ns:xmpp-stanzas";
    public const string Tls = "urn:ietf:params:xml:ns:xmpp-tls";
    public const string Sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
    public const string Bind = "urn:ietf:params:xml:ns:xmpp-bind";
    public const string Session = "urn:ietf:params:xml:ns:xmpp-session";

    // RFC 6121
    public const string Roster = "jabber:iq:roster";
    public const string RosterVersioning = "urn:xmpp:features:rosterver";
    public const string PreApproval = "urn:xmpp:features:pre-approval";

    // RFC 7395
    public const string Framing = "urn:ietf:params:xml:ns:xmpp-framing";

    // XEP-0004 Data Forms
    public const string DataForms = "jabber:x:data";

    // XEP-0012 Last Activity
    public const string LastActivity = "jabber:iq:last";

    // XEP-0030 Service Discovery
    public const string DiscoInfo = "http://jabber.org/protocol/disco#info";
    public const string DiscoItems = "http://jabber.org/protocol/disco#items";

    // XEP-0045 Multi-User Chat
    public const string Muc = "http://jabber.org/protocol/muc";
    public const string MucUser = "http://jabber.org/protocol/muc#user";
    public const string MucAdmin = "http://jabber.org/protocol/muc#admin";
    public const string MucOwner = "http://jabber.org/protocol/muc#owner";

    // XEP-0049 Private XML Storage
    public const string PrivateStorage = "jabber:iq:private";

    // XEP-0050 Ad-Hoc Commands
    public const string Commands = "http://jabber.org/protocol/commands";

    // XEP-0054 vcard-temp
    public const string VCard = "vcard-temp";

    // XEP-0059 Result Set Management
    public const string ResultSet = "http://jabber.org/protocol/rsm";

    // XEP-0060 Publish-Subscribe
    public const string PubSub = "http://jabber.org/protocol/pubsub";
    public const string PubSubEvent = "http://jabber.org/protocol/pubsub#event";
    public const string PubSubOwner = "http://jabber.org/protocol/pubsub#owner";
    public const string PubSubErrors = "http://jabber.org/protocol/pubsub#errors";
    public const string PubSubPublishOptions = "http://jabber.org/protocol/pubsub#publish-options";
    public const string PubSubNodeConfig = "http://jabber.org/protocol/pubsub#node_config";
    public const string PubSubMetadata = "http://jabber.org/protocol/pubsub#meta-data";

    // XEP-0077 In-Band Registration
    public const string Register = "jabber:iq:register";
    public const string RegisterFeature = "http://jabber.org/features/iq-register";

    // XEP-0084 User Avatar
    public const string AvatarData = "urn:xmpp:avatar:data";
    public const string AvatarMetadata = "urn:xmpp:avatar:metadata";

    // XEP-0092 Software Version
    public const string Version = "jabber:iq:version";

    // XEP-0115 Entity Capabilities
    public const string Caps = "http://jabber.org/protocol/caps";

    // XEP-0153 vCard-Based Avatars
    public const string VCardUpdate = "vcard-temp:x:update";

    // XEP-0191 Blocking Command
    public const string Blocking = "urn:xmpp:blocking";
    public const string BlockingErrors = "urn:xmpp:blocking:errors";

    // XEP-0198 Stream Management
    public const string StreamManagement = "urn:xmpp:sm:3";

    // XEP-0199 XMPP Ping
    public const string Ping = "urn:xmpp:ping";

    // XEP-0202 Entity Time
    public const string Time = "urn:xmpp:time";

    // XEP-0203 Delayed Delivery
    public const string Delay = "urn:xmpp:delay";

    // XEP-0249 Direct MUC Invitations
    public const string Conference = "jabber:x:conference";

    // XEP-0280 Message Carbons
    public const string Carbons = "urn:xmpp:carbons:2";

    // XEP-0292 vCard4 over XMPP
    public const string VCard4 = "urn:ietf:params:xml:ns:vcard-4.0";

    // XEP-0297 Stanza Forwarding
    public const string Forward = "urn:xmpp:forward:0";

    // XEP-0313 Message Archive Management
    public const string Archive = "urn:xmpp:mam:2";

    // XEP-0317 Hats
    public const string Hats = "urn:xmpp:hats:0";

    // XEP-0334 Message Processing Hints
    public const string Hints = "urn:xmpp:hints";

    // XEP-0352 Client State Indication
    public const string ClientState = "urn:xmpp:csi:0";

    // XEP-0357 Push Notifications
    public const string Push = "urn:xmpp:push:0";

    // XEP-0359 Unique and Stable Stanza IDs
    public const string StanzaIds = "urn:xmpp:sid:0";

    // XEP-0379 Pre-Authenticated Roster Subscription
    public const string PreAuthentication = "urn:xmpp:pars:0";

    // XEP-0380 Explicit Message Encryption
    public const string Encryption = "urn:xmpp:eme:0";

    // XEP-0386 Bind 2
    public const string Bind2 = "urn:xmpp:bind:0";

    // XEP-0388 Extensible SASL Profile
    public const string Sasl2 = "urn:xmpp:sasl:2";

    // XEP-0398 User Avatar to vCard-Based Avatars Conversion
    public const string PepVCardConversion = "urn:xmpp:pep-vcard-conversion:0";

    // XEP-0421 Occupant Identifiers
    public const string OccupantId = "urn:xmpp:occupant-id:0";

    // XEP-0424 Message Retraction
    public const string Retraction = "urn:xmpp:message-retract:1";

    // XEP-0425 Moderated Message Retraction
    public const string Moderation = "urn:xmpp:message-moderate:1";

    // XEP-0220 Server Dialback
    public const string Dialback = "jabber:server:dialback";
    public const string DialbackFeature = "urn:xmpp:features:dialback";

    // XEP-0288 Bidirectional Server-to-Server Connections
    public const string Bidi = "urn:xmpp:bidi";
    public const string BidiFeature = "urn:xmpp:features:bidi";

    // XEP-0440 SASL Channel-Binding Type Capability
    public const string SaslChannelBinding = "urn:xmpp:sasl-cb:0";

    // XEP-0444 Message Reactions
    public const string Reactions = "urn:xmpp:reactions:0";

    // XEP-0445 Pre-Authenticated In-Band Registration
    public const string RegistrationToken = "urn:xmpp:ibr-token:0";

    // XEP-0478 Stream Limits Advertisement
    public const string StreamLimits = "urn:xmpp:stream-limits:0";

    // XEP-0484 Fast Authentication Streamlining Tokens
    public const string Fast = "urn:xmpp:fast:0";
}
