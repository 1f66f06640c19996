using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Tells the listeners of the two avatar nodes what became of a portrait (X84-45, X84-55, table 4.1).</summary>
internal sealed class AvatarEvents(PepEvents events, Func<PortraitBook> book, DomainPolicies policies)
{
    public void Send(Account account, PortraitChanged change, AvatarWrite? write)
    {
        SendMetadata(account, change, write);
        SendData(account, change, write);
    }

    private void SendMetadata(Account account, PortraitChanged change, AvatarWrite? write)
    {
        var isVisible = ContactsSee(change.After);
        var wasVisible = ContactsSee(change.Before);
        var isDeleted = change.Before.MetadataAccess is not null && change.After.MetadataAccess is null;
        var isNewItem = !AvatarMetadata.IsSameItem(change.Before, change.After);
        if (isNewItem)
        {
            var listeners = Listeners.Own | (isVisible || (isDeleted && wasVisible) ? Listeners.Contacts : Listeners.None);
            events.Send(account, Ns.AvatarMetadata, listeners, () => MetadataContent(change, write, isDeleted), write?.Publisher);
        }
        else if (isVisible && !wasVisible && AvatarMetadata.ItemOf(change.After) is { } opened)
        {
            events.Send(account, Ns.AvatarMetadata, Listeners.Contacts, () => PepEvents.Items(Ns.AvatarMetadata, opened), write?.Publisher);
        }

        if (wasVisible && !isVisible && !isDeleted && AvatarMetadata.ItemOf(change.Before) is { } closed)
        {
            events.Send(account, Ns.AvatarMetadata, Listeners.Contacts, () => Removal(closed.Id), null);
        }
    }

    private static Element MetadataContent(PortraitChanged change, AvatarWrite? write, bool isDeleted)
    {
        if (isDeleted)
        {
            return PepEvents.Deleted(Ns.AvatarMetadata);
        }

        if (AvatarMetadata.ItemOf(change.After) is { } item)
        {
            return PepEvents.Items(Ns.AvatarMetadata, item);
        }

        return write?.Removal ?? Removal(AvatarMetadata.ItemOf(change.Before)?.Id ?? StanzaId.New());
    }

    // Understood by every client, where retract, purge and delete are not.
    private static Element Removal(string id) =>
        PepEvents.Items(Ns.AvatarMetadata, new PepItem(id, AvatarMetadata.Empty(), default));

    private void SendData(Account account, PortraitChanged change, AvatarWrite? write)
    {
        var listeners = Listeners.Own | (ContactsSee(change.After) ? Listeners.Contacts : Listeners.None);
        if (change.Before.DataAccess is not null && change.After.DataAccess is null)
        {
            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Deleted(Ns.AvatarData), write?.Publisher);
        }
        else if (change.PictureChanged && change.After.Picture is { } picture)
        {
            // The book has the bytes at hand when it tells of a change; should it ever not, listeners learn of the picture by its metadata.
            var read = book().Read(picture.Id);
            if (read.IsCompletedSuccessfully && read.Result is { } bytes)
            {
                events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Items(Ns.AvatarData, AvatarDataNode.Item(bytes, change.After.Changed)), write?.Publisher);
            }
        }
        else if (change.PictureChanged && change.Before.Picture is { } removed)
        {
            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Retracted(Ns.AvatarData, removed.Id.Hex), write?.Publisher);
        }
    }

    private bool ContactsSee(Portrait portrait) =>
        portrait.VisibilityOr(policies.For(portrait.Identity.Domain).DefaultVisibility) != Visibility.Nobody;
}
