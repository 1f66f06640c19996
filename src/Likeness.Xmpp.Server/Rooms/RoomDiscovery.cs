using System.Globalization;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Features;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What the service and its rooms say of themselves (XEP-0045 §6).</summary>
internal sealed class RoomDiscovery(RoomDirectory directory, IStores stores)
{
    /// <summary>Rooms of one page of the list.</summary>
    public const int MaxListed = 100;

    public const string ReservedNick = "x-roomuser-item";
    public const string RoomInfo = "http://jabber.org/protocol/muc#roominfo";
    public const string SelfPing = "http://jabber.org/protocol/muc#self-ping-optimization";
    private const string StableId = "http://jabber.org/protocol/muc#stable_id";

    private static readonly string[] OfService = [Ns.DiscoInfo, Ns.DiscoItems, Ns.Muc, Ns.OccupantId, Ns.Ping, Ns.Register, Ns.ResultSet, SelfPing];

    public static Element Service(string? node) => node is { Length: > 0 }
        ? throw new StanzaErrorException(StanzaCondition.ItemNotFound)
        : new DiscoInfo([new DiscoIdentity("conference", "text", "Rooms")], OfService).ToElement();

    /// <summary>The public rooms: those that are kept first, then those that are there while somebody is in them.</summary>
    public async ValueTask<Element> List(string service, Element query)
    {
        if (query["node"] is { Length: > 0 })
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        }

        var asked = ResultSetRequest.Read(query);
        if (asked is { Index: not null } or { Before: not null })
        {
            throw new StanzaErrorException(StanzaCondition.FeatureNotImplemented, "The list of rooms is read forward.");
        }

        var most = Math.Min(asked?.Max ?? MaxListed, MaxListed);
        var after = asked?.After is { Length: > 0 } given ? given : null;
        var passing = directory.Passing
            .Where(room => room.Address.Domain == service && room.LockedSince is null)
            .Select(room => new RoomSummary(room.Address.Text, room.Configuration.Title, true))
            .OrderBy(room => room.Room, StringComparer.Ordinal)
            .ToArray();
        var isPassing = Array.Exists(passing, room => room.Room == after);
        var kept = isPassing ? [] : await stores.Rooms.List(service, isListed: true, after, most);
        RoomSummary[] page = [.. kept, .. passing.SkipWhile(room => isPassing && string.CompareOrdinal(room.Room, after) <= 0).Take(most - kept.Count)];
        var items = new Element("query", Ns.DiscoItems);
        foreach (var room in page)
        {
            items.Add(new Element("item", Ns.DiscoItems).Set("jid", room.Room).Set("name", room.Title.Length > 0 ? room.Title : room.Room[..room.Room.IndexOf('@', StringComparison.Ordinal)]));
        }

        var count = (int)Math.Min(await stores.Rooms.Count(service, isListed: true) + passing.Length, int.MaxValue);
        var isWhole = asked is null && page.Length == count;
        return count == 0 || isWhole
            ? items
            : items.Add(new ResultSetPage(page.FirstOrDefault()?.Room, null, page.LastOrDefault()?.Room, count).ToElement());
    }

    /// <param name="avatar">The hash of the room's picture; null: it has none.</param>
    public static Element Info(Room room, Sender from, Element query, PictureId? avatar)
    {
        switch (query["node"])
        {
            case null or "":
                return new DiscoInfo([new DiscoIdentity("conference", "text", NameOf(room))], Features(room)) { Forms = [Form(room, from, avatar)] }.ToElement();
            case ReservedNick:
                var nick = room.Standings.Find(from.Jid.BareText)?.Nick;
                return new DiscoInfo(nick is null ? [] : [new DiscoIdentity("conference", "text", nick)], []).ToElement(ReservedNick);
            default:
                throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        }
    }

    /// <summary>Who is in the room, for those who are in it; for all others nobody.</summary>
    public static Element Items(Room room, Sender from, Element query)
    {
        var items = new Element("query", Ns.DiscoItems).Set("node", query["node"]);
        if (query["node"] is { Length: > 0 } || room.Occupants.Find(from.Jid)?.Occupant is not { } viewer)
        {
            return items;
        }

        var all = room.Occupants.All.Where(occupant => occupant == viewer || room.Sees(viewer, occupant.Role)).Select(occupant => occupant.Address.Text).Order(StringComparer.Ordinal).ToArray();
        var asked = ResultSetRequest.Read(query);
        var page = Xep0059Paging.Cut(all, address => address, address => address.Length + 64, asked) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        foreach (var address in page.Items)
        {
            items.Add(new Element("item", Ns.DiscoItems).Set("jid", address));
        }

        return items.Add(page.Describe(asked, address => address)?.ToElement());
    }

    public static string NameOf(Room room) => room.Configuration.Title is { Length: > 0 } title ? title : room.Address.Local!;

    private static string[] Features(Room room)
    {
        var configuration = room.Configuration;
        string[] features =
        [
            Ns.DiscoInfo, Ns.DiscoItems, Ns.Muc, Ns.OccupantId, Ns.Ping, Ns.Register, Ns.VCard, SelfPing, StableId, Ns.Moderation,
            configuration.IsPublic ? "muc_public" : "muc_hidden",
            configuration.IsMembersOnly ? "muc_membersonly" : "muc_open",
            configuration.IsModerated ? "muc_moderated" : "muc_unmoderated",
            configuration.IsNonAnonymous ? "muc_nonanonymous" : "muc_semianonymous",
            configuration.Password is null ? "muc_unsecured" : "muc_passwordprotected",
            configuration.IsPersistent ? "muc_persistent" : "muc_temporary",
        ];
        if (room.Archive is not null && configuration.IsArchived)
        {
            features = [.. features, Ns.Archive, $"{Ns.Archive}#extended", Ns.StanzaIds, $"{Ns.Retraction}#tombstone"];
        }

        Array.Sort(features, StringComparer.Ordinal);
        return features;
    }

    // Whoever could not enter is not told what goes on inside.
    private static DataForm Form(Room room, Sender from, PictureId? avatar)
    {
        var configuration = room.Configuration;
        var fields = new List<FormField>
        {
            new("muc#roominfo_description", [configuration.Description], "text-single", "Description"),
            new("muc#roominfo_lang", [configuration.Language], "text-single", "Language"),
            new("muc#roomconfig_changesubject", [configuration.AllowSubject ? "1" : "0"], "boolean", "Occupants may change the subject"),
            new("muc#roomconfig_allowinvites", [configuration.AllowInvites ? "1" : "0"], "boolean", "Occupants may invite others"),
        };
        var isInside = (configuration.IsPublic && !configuration.IsMembersOnly) || room.Occupants.Find(from.Jid) is not null || room.AffiliationOf(from.Jid) >= Affiliation.Member;
        if (isInside && room.AffiliationOf(from.Jid) != Affiliation.Outcast)
        {
            fields.Add(new FormField("muc#roominfo_subject", [room.Record.Subject ?? ""], "text-single", "Subject"));
            fields.Add(new FormField("muc#roominfo_occupants", [room.Occupants.Count.ToString(CultureInfo.InvariantCulture)], "text-single", "Occupants"));
        }

        if (room.Standings.Where(entry => entry.Value.Affiliation == Affiliation.Owner).Select(entry => entry.Key).ToArray() is { Length: > 0 } owners && configuration.IsNonAnonymous)
        {
            fields.Add(new FormField("muc#roominfo_contactjid", owners, "jid-multi", "Owners"));
        }

        if (avatar is { } hash)
        {
            fields.Add(new FormField("muc#roominfo_avatarhash", [hash.Hex], "text-multi", "Hash of the picture"));
        }

        return new DataForm("result", RoomInfo, fields);
    }
}
