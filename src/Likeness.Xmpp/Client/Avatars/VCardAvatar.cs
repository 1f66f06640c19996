using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>XEP-0153 for one resource: carries out what <see cref="VCardAvatarTable"/> decides.</summary>
#pragma warning disable CA1001 // Its semaphore has no handle.
internal sealed class VCardAvatar
#pragma warning restore CA1001
{
    private readonly XmppClient _client;
    private readonly VCardAvatarTable _table = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Lock _lock = new();
    private AvatarActs _due;
    private bool _isActing;
    private int _session;
    private PhotoUpdate _toldRooms = new(PhotoUpdateKind.NotReady);

    public VCardAvatar(XmppClient client)
    {
        _client = client;
        client.Stamp = presence => Xep0153VCardAvatars.Write(presence, Shape);
        client.Came += Hear;
        client.BeganAnew += _ => Begin();
        Begin();
    }

    public PhotoUpdate Shape
    {
        get
        {
            lock (_lock)
            {
                return _table.Shape;
            }
        }
    }

    /// <summary>Sets (null: removes) the picture of the vCard, all else of it unchanged, and says so. What is there already is not set again.</summary>
    /// <exception cref="StanzaErrorException">The server refused; what was there stays.</exception>
    public async Task Change(byte[]? picture, string? type, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var vCard = await VCards.Read(_client, null, cancellationToken) ?? new Element("vCard", Ns.VCard);
            var there = Xep0054VCard.ReadPhoto(vCard);
            var hash = picture is null ? null : Xep0084UserAvatar.IdOf(picture);
            var isThere = there.Bytes is { } bytes ? Xep0084UserAvatar.IdOf(bytes) == hash : hash is null && there.Kind == VCardPhotoKind.None;
            if (isThere)
            {
                Take(new AvatarEvent(hash is null ? AvatarEventKind.Removed : AvatarEventKind.Uploaded, Hash: hash));
                return;
            }

            Take(new AvatarEvent(AvatarEventKind.Uploading));
            try
            {
                await VCards.Write(_client, Xep0054VCard.WithPhoto(vCard, picture, type), cancellationToken);
                Take(new AvatarEvent(hash is null ? AvatarEventKind.Removed : AvatarEventKind.Uploaded, Hash: hash));
            }
            catch
            {
                Take(new AvatarEvent(AvatarEventKind.Refused));
                throw;
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private void Begin()
    {
        Interlocked.Increment(ref _session);
        _toldRooms = new PhotoUpdate(PhotoUpdateKind.NotReady);
        Take(new AvatarEvent(AvatarEventKind.Begun));
    }

    // Of the account's other resources only; subscriptions, probes and errors say nothing of pictures.
    private void Hear(Element stanza)
    {
        if (stanza.Name != "presence" || !Jid.TryParse(stanza["from"], out var from) || from.IsBare || !from.Bare.Equals(_client.Address.Bare) || from.Equals(_client.Address))
        {
            return;
        }

        var now = _client.Options.TimeProvider.GetUtcNow();
        if (stanza["type"] == "unavailable")
        {
            Take(new AvatarEvent(AvatarEventKind.OtherGone, from.Resource, Now: now));
        }
        else if (stanza["type"] is null)
        {
            var said = Xep0153VCardAvatars.Read(stanza);
            Take(new AvatarEvent(
                said.Kind switch
                {
                    PhotoUpdateKind.Absent => AvatarEventKind.OtherSilent,
                    PhotoUpdateKind.NoPicture => AvatarEventKind.OtherNone,
                    PhotoUpdateKind.Picture => AvatarEventKind.OtherPicture,
                    _ => AvatarEventKind.OtherNotReady,
                },
                from.Resource,
                said.Hash,
                now));
        }
    }

    private void Take(AvatarEvent what)
    {
        lock (_lock)
        {
            _due |= _table.Take(what);
            if (_isActing || _due == AvatarActs.None)
            {
                return;
            }

            _isActing = true;
        }

        _ = Task.Run(Act);
    }

    private async Task Act()
    {
        while (true)
        {
            AvatarActs due;
            bool tellsRooms;
            lock (_lock)
            {
                (due, _due) = (_due, AvatarActs.None);
                _isActing = due != AvatarActs.None;
                tellsRooms = _table.Shape.Kind != PhotoUpdateKind.NotReady && _table.Shape != _toldRooms;
                _toldRooms = tellsRooms && due.HasFlag(AvatarActs.Announce) ? _table.Shape : _toldRooms;
            }

            if (due == AvatarActs.None)
            {
                return;
            }

            try
            {
                if (due.HasFlag(AvatarActs.Announce))
                {
                    await _client.RepeatPresence(broadcast: true, directed: tellsRooms);
                }
            }
            catch (Exception lost) when (lost is IOException or TimeoutException or ObjectDisposedException)
            {
                // The next presence says it.
                _client.Options.Report?.Invoke(lost);
            }

            if (due.HasFlag(AvatarActs.Ask))
            {
                _ = Ask(Volatile.Read(ref _session));
            }
        }
    }

    private async Task Ask(int session)
    {
        AvatarEvent result;
        try
        {
            var photo = await VCards.Read(_client, null, CancellationToken.None) is { } vCard ? Xep0054VCard.ReadPhoto(vCard) : new VCardPhoto(VCardPhotoKind.None);
            result = photo.Bytes is { } bytes
                ? new AvatarEvent(AvatarEventKind.Found, Hash: Xep0084UserAvatar.IdOf(bytes))
                : new AvatarEvent(photo.Kind == VCardPhotoKind.Invalid ? AvatarEventKind.Failed : AvatarEventKind.Missing);
        }
        catch (Exception failed) when (failed is StanzaErrorException or IOException or TimeoutException or ObjectDisposedException)
        {
            result = new AvatarEvent(AvatarEventKind.Failed);
        }

        if (session == Volatile.Read(ref _session))
        {
            Take(result);
        }
    }
}

/// <summary>vCards by XEP-0054.</summary>
internal static class VCards
{
    /// <param name="to">Null: the own one.</param>
    /// <returns>Null: there is none, which servers say in three ways (§3.1, §3.3).</returns>
    public static async Task<Element?> Read(XmppClient client, Jid? to, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", to?.Text).Add(new Element("vCard", Ns.VCard)), cancellationToken);
            return answer.Child("vCard", Ns.VCard);
        }
        catch (StanzaErrorException none) when (none.Condition.Name is "item-not-found" or "service-unavailable")
        {
            return null;
        }
    }

    public static Task Write(XmppClient client, Element vCard, CancellationToken cancellationToken) =>
        client.Request(new Element("iq", Ns.Client).Set("type", "set").Add(vCard), cancellationToken);
}
