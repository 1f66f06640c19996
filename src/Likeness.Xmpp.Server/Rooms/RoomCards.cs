using Likeness.Libravatar;
using Likeness.Stores;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// A room's vCard (XEP-0054) and picture (XEP-0486). The picture is the portrait of the room's address in the same book as
/// everybody's: behind the same gate, and on the web too while the room is in the public list. Called while holding the room's turn.
/// </summary>
internal sealed class RoomCards(RoomDirectory directory, PortraitBook book, AddressBook addresses, AvatarService avatars, DomainPolicies policies)
{
    /// <summary>Bytes of a room's vCard without its picture, which is in memory with the room.</summary>
    public const int MaxBytes = 16 * 1024;

    public async ValueTask<Element> Read(Room room, Sender from)
    {
        var view = (await avatars.See(room.Identity)).For(RelationOf(room, from));
        var fields = room.Record.VCard is { } xml ? XmlStreamReader.ParseElement(xml) : null;
        var picture = await avatars.Photo(view);
        return fields is null && picture is null ? new Element("vCard", Ns.VCard) : VCardDocument.Compose(fields, picture);
    }

    /// <summary>The hash of the picture the asker may see; null: none.</summary>
    public async ValueTask<PictureId?> Hash(Room room, Sender from) =>
        (await avatars.See(room.Identity)).For(RelationOf(room, from)).Picture?.Id;

    /// <summary>True: only the fields changed, of which nobody else tells.</summary>
    public async ValueTask<bool> Write(Room room, Sender from, Element vcard)
    {
        if (room.AffiliationOf(from.Jid) != Affiliation.Owner)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Only owners do this.");
        }

        var fields = VCardDocument.Split(vcard, out var base64, out var isExternal);
        var record = room.Record with { VCard = VCardDocument.Content(fields, MaxBytes) };
        if (base64 is not null && !room.Configuration.IsPersistent)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, "Only a room that is kept has a picture.");
        }

        var before = await book.Find(room.Identity);
        var after = await Write(room, record, before, base64, isExternal, new Cause(Origin.Room, from.Jid.Text));
        var isOther = record.VCard != room.Record.VCard;
        room.Take(record);
        return isOther && after.Version == before.Version;
    }

    /// <summary>Who sees the picture follows the room: everybody, if the room is in the public list.</summary>
    public async ValueTask Follow(Room room)
    {
        if ((await book.Find(room.Identity)).IsShown)
        {
            await book.SetVisibility(room.Identity, VisibilityOf(room.Record), new Cause(Origin.Room));
        }
    }

    /// <summary>Nothing is left of the picture of a room that is no more.</summary>
    public async ValueTask Remove(Room room)
    {
        if ((await book.Find(room.Identity)).IsShown)
        {
            await book.Remove(room.Identity);
        }

        if (Address.TryParse(room.Address.Text, out var address))
        {
            await addresses.Remove(room.Identity, address);
        }
    }

    public static Visibility VisibilityOf(RoomRecord record) => record.IsListed ? Visibility.Public : Visibility.Contacts;

    private async ValueTask<Portrait> Write(Room room, RoomRecord record, Portrait before, string? base64, bool isExternal, Cause cause)
    {
        IReadOnlyList<StoreWrite> alongside = room.Configuration.IsPersistent ? [new StoreWrite.Room(record)] : [];
        if (base64 is null)
        {
            if (!isExternal)
            {
                return await book.Clear(room.Identity, cause, new Clearing { Alongside = alongside });
            }

            await directory.Change(room, record);
            return before;
        }

        var picture = VCardDocument.Photo(base64, policies.For(room.Address.Domain).LargestChatPicture);
        var address = Address.TryParse(room.Address.Text, out var parsed) ? parsed : null;
        return await book.Set(
            room.Identity,
            new NewPortrait { Picture = picture, Address = address, Access = VisibilityOf(record).ToAccessModel(), Alongside = alongside },
            cause);
    }

    private static AvatarRelation RelationOf(Room room, Sender from) =>
        room.Occupants.Find(from.Jid) is not null || room.AffiliationOf(from.Jid) >= Affiliation.Member ? AvatarRelation.Contact : AvatarRelation.Stranger;
}
