using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Tells the listeners of the two avatar nodes what became of a portrait (X84-45, X84-55, table 4.1).</summary>
internal sealed class AvatarEvents(PepEvents events, DomainPolicies policies, TimeProvider time)
{
    // XEP-0398 §3.2: the data is there before metadata names it.
    public void Send(Account account, PortraitChanged change)
    {
        SendData(account, change);
        SendMetadata(account, change);
    }

    /// <summary>A picture was published at the data node; whether it becomes the portrait, metadata will say.</summary>
    public void SendPublished(Account account, Picture picture, Jid publisher)
    {
        account.State<Announced>().Picture = picture.Info;
        events.Send(account, Ns.AvatarData, ListenersOf(account.Portrait), () => PepEvents.Items(Ns.AvatarData, AvatarDataNode.Item(picture, time.GetUtcNow())), publisher);
    }

    private void SendMetadata(Account account, PortraitChanged change)
    {
        var isVisible = ContactsSee(change.After);
        var wasVisible = ContactsSee(change.Before);
        var isDeleted = change.Before.MetadataAccess is not null && change.After.MetadataAccess is null;
        var isNewItem = !AvatarMetadata.IsSameItem(change.Before, change.After);
        if (isNewItem)
        {
            var listeners = Listeners.Own | (isVisible || (isDeleted && wasVisible) ? Listeners.Contacts : Listeners.None);
            events.Send(account, Ns.AvatarMetadata, listeners, () => MetadataContent(change, isDeleted), Publisher(change.Cause));
        }
        else if (isVisible && !wasVisible && AvatarMetadata.ItemOf(change.After) is { } opened)
        {
            events.Send(account, Ns.AvatarMetadata, Listeners.Contacts, () => PepEvents.Items(Ns.AvatarMetadata, opened), Publisher(change.Cause));
        }

        if (wasVisible && !isVisible && !isDeleted && AvatarMetadata.ItemOf(change.Before) is { } closed)
        {
            events.Send(account, Ns.AvatarMetadata, Listeners.Contacts, () => Removal(closed.Id), null);
        }
    }

    private static Element MetadataContent(PortraitChanged change, bool isDeleted)
    {
        if (isDeleted)
        {
            return PepEvents.Deleted(Ns.AvatarMetadata);
        }

        if (AvatarMetadata.ItemOf(change.After) is { } item)
        {
            return PepEvents.Items(Ns.AvatarMetadata, item);
        }

        var removed = AvatarMetadata.ItemOf(change.Before)?.Id;
        return change.Cause.Removal switch
        {
            Likeness.Removal.Purged => PepEvents.Purged(Ns.AvatarMetadata),
            Likeness.Removal.Retracted when removed is not null => PepEvents.Retracted(Ns.AvatarMetadata, removed),
            _ => Removal(removed ?? StanzaId.New()),
        };
    }

    // Understood by every client, where retract, purge and delete are not.
    private static Element Removal(string id) =>
        PepEvents.Items(Ns.AvatarMetadata, new PepItem(id, AvatarMetadata.Empty(), default));

    private void SendData(Account account, PortraitChanged change)
    {
        var listeners = ListenersOf(change.After);
        var announced = change.PictureChanged ? account.State<Announced>().Take() : null;
        if (change.Before.DataAccess is not null && change.After.DataAccess is null)
        {
            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Deleted(Ns.AvatarData), Publisher(change.Cause));
        }
        else if (change.PictureChanged && change.Picture is { } picture)
        {
            if (announced == picture.Info)
            {
                return;
            }

            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Items(Ns.AvatarData, AvatarDataNode.Item(picture, change.After.Changed)), Publisher(change.Cause));
        }
        else if (change.PictureChanged && change.Before.Picture is { } removed)
        {
            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Retracted(Ns.AvatarData, removed.Id.Hex), Publisher(change.Cause));
        }
    }

    private Listeners ListenersOf(Portrait portrait) => Listeners.Own | (ContactsSee(portrait) ? Listeners.Contacts : Listeners.None);

    private static Jid? Publisher(Cause cause) =>
        cause.Origin is Origin.Pep or Origin.VCard && Jid.TryParse(cause.By, out var publisher) ? publisher : null;

    private bool ContactsSee(Portrait portrait) =>
        portrait.VisibilityOr(policies.For(portrait.Identity.Domain).DefaultVisibility) != Visibility.Nobody;

    /// <summary>The picture that listeners of the data node have heard of and that is not the portrait yet.</summary>
    private sealed class Announced
    {
        private PictureInfo? _picture;

        public PictureInfo? Picture
        {
            set => Volatile.Write(ref _picture, value);
        }

        public PictureInfo? Take() => Interlocked.Exchange(ref _picture, null);
    }
}
