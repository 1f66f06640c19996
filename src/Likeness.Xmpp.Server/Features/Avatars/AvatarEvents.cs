using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Tells the listeners of the two avatar nodes what became of a portrait.</summary>
internal sealed class AvatarEvents(PepEvents events, AvatarService avatars, TimeProvider time, SeenTally? seen = null)
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
        events.Send(account, Ns.AvatarData, Listeners.Own | Audience(account.Portrait), () => Items(Ns.AvatarData, AvatarService.DataItem(picture, time.GetUtcNow())), publisher);
    }

    private void SendMetadata(Account account, PortraitChanged change)
    {
        var (before, after) = (Audience(change.Before), Audience(change.After));
        var isDeleted = change.Before.MetadataAccess is not null && change.After.MetadataAccess is null;
        if (!AvatarMetadata.IsSameItem(change.Before, change.After))
        {
            var listeners = Listeners.Own | after | (isDeleted ? before : Listeners.None);
            var told = events.Send(account, Ns.AvatarMetadata, listeners, () => MetadataContent(change, isDeleted), Publisher(change.Cause));
            if (change.After.IsShown)
            {
                seen?.Add(account.Identity, SeenWhat.Chat, told);
            }
        }
        else if ((after & ~before) is not Listeners.None and var seeing && AvatarMetadata.ItemOf(change.After) is { } opened)
        {
            var told = events.Send(account, Ns.AvatarMetadata, seeing, () => Items(Ns.AvatarMetadata, opened), Publisher(change.Cause));
            seen?.Add(account.Identity, SeenWhat.Chat, told);
        }

        if ((before & ~after) is not Listeners.None and var losing && !isDeleted && AvatarMetadata.ItemOf(change.Before) is { } closed)
        {
            events.Send(account, Ns.AvatarMetadata, losing, () => Removal(closed.Id), null);
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
            return Items(Ns.AvatarMetadata, item);
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
        Items(Ns.AvatarMetadata, new AvatarItem(id, AvatarMetadata.Empty(), default));

    private static Element Items(string node, AvatarItem item) => PepEvents.Items(node, new PepItem(item.Id, item.Payload, item.Published));

    private void SendData(Account account, PortraitChanged change)
    {
        var listeners = Listeners.Own | Audience(change.After);
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

            events.Send(account, Ns.AvatarData, listeners, () => Items(Ns.AvatarData, AvatarService.DataItem(picture, change.After.Changed)), Publisher(change.Cause));
        }
        else if (change.PictureChanged && change.Before.Picture is { } removed)
        {
            events.Send(account, Ns.AvatarData, listeners, () => PepEvents.Retracted(Ns.AvatarData, removed.Id.Hex), Publisher(change.Cause));
        }
    }

    private static Jid? Publisher(Cause cause) =>
        cause.Origin is Origin.Pep or Origin.VCard && Jid.TryParse(cause.By, out var publisher) ? publisher : null;

    // Beside the owner.
    private Listeners Audience(Portrait portrait)
    {
        var views = avatars.See(portrait, null);
        return (views.For(AvatarRelation.Contact).IsVisible ? Listeners.Contacts : Listeners.None)
            | (views.For(AvatarRelation.Stranger).IsVisible ? Listeners.Strangers : Listeners.None);
    }

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

/// <summary>The chat side's ear at the portrait book: the account in memory first, then PEP events, then presence.</summary>
internal sealed partial class PortraitViews(AccountDirectory directory, AvatarEvents events, PresenceResend presences, ILogger<PortraitViews> log) : IPortraitListener
{
    public void OnPortraitChanged(PortraitChanged change)
    {
        if (directory.FindLoaded(change.Identity.Value) is { } account)
        {
            Show(account, change);
        }
        else if (Jid.TryParse(change.Identity.Value, out var jid))
        {
            _ = LoadAndShow(jid, change);
        }
    }

    private void Show(Account account, PortraitChanged change)
    {
        var shown = account.Portrait;
        if (shown.Version != change.Before.Version && shown.Version < change.After.Version)
        {
            // What was shown until now is what the account in memory had: another process changed it in between.
            change = change with { Before = shown };
        }

        account.Update(change.After);
        events.Send(account, change);
        presences.Schedule(account, change);
    }

    // Contacts of somebody who is offline hear of the new picture too.
    private async Task LoadAndShow(Jid jid, PortraitChanged change)
    {
        try
        {
            if (await directory.Find(jid) is { } account)
            {
                Show(account, change);
            }
        }
#pragma warning disable CA1031 // Nobody waits for this; the portrait is stored, and the next presence or request shows it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotShown(log, jid.Text, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The new portrait of {Account} could not be shown to its contacts")]
        public static partial void NotShown(ILogger logger, string account, Exception exception);
    }
}
