using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client.Avatars;

/// <summary>Makes a PNG picture of another one: square, its edge and its bytes at most these.</summary>
/// <param name="picture">Any picture, of a person who may be trusted to pick it.</param>
public delegate Task<byte[]> MakeAvatarPng(ReadOnlyMemory<byte> picture, int maxEdge, int maxBytes, CancellationToken cancellationToken);

/// <summary>
/// The account's picture in all its places: the two nodes (XEP-0084), the vCard and the hash in presence (XEP-0153). Where the server keeps them
/// the same (XEP-0398), only the nodes are written; else this client writes both, and agrees with the account's other clients on what presence says.
/// </summary>
public sealed class OwnAvatar
{
    /// <summary>The longest edge of what is published at the nodes, in pixels.</summary>
    public const int MaxEdge = 192;

    /// <summary>The longest edge of a vCard's picture (XEP-0153 §4.6), in pixels.</summary>
    public const int MaxVCardEdge = 96;

    /// <summary>Bytes of a vCard's picture (XEP-0153 §4.6).</summary>
    public const int MaxVCardBytes = 8 * 1024 - 1;

    private static readonly int[] Edges = [MaxEdge, 128, 96, 64, 48, 32];
    private readonly XmppClient _client;
    private readonly AvatarPublisher _publisher;
    private readonly MakeAvatarPng? _makePng;
    private readonly VCardAvatar? _vCard;
    private string? _toldRooms;

    private OwnAvatar(XmppClient client, MakeAvatarPng? makePng, DiscoInfo account)
    {
        (_client, _makePng, _publisher) = (client, makePng, new AvatarPublisher(client));
        HasNodes = account.Is("pubsub", "pep");
        IsConverted = account.Has(Ns.PepVCardConversion);
        if (IsConverted)
        {
            client.Stamp = static presence => Xep0153VCardAvatars.Write(presence, new PhotoUpdate(PhotoUpdateKind.NotReady));
            client.Came += Hear;
            client.BeganAnew += _ => _toldRooms = null;
        }
        else
        {
            _vCard = new VCardAvatar(client);
        }
    }

    /// <summary>The account can publish (XEP-0163).</summary>
    public bool HasNodes { get; }

    /// <summary>The server keeps nodes, vCard and presence the same (XEP-0398).</summary>
    public bool IsConverted { get; }

    /// <summary>Asks the account what it can do. From then on every presence of this client says what it has to say of the picture.</summary>
    /// <param name="makePng">Null: what is set must be PNG, and small enough for all places.</param>
    /// <exception cref="StanzaErrorException">The server does not say.</exception>
    public static async Task<OwnAvatar> Begin(XmppClient client, MakeAvatarPng? makePng = null, CancellationToken cancellationToken = default) =>
        new(client, makePng, await client.Discovery.Info(client.Address.Bare, cancellationToken: cancellationToken));

    /// <summary>Shows this picture everywhere. What is shown already is not published again.</summary>
    /// <param name="accessModel">Who may see it (XEP-0060 §4.5): <c>open</c>, which rooms need, <c>presence</c> or <c>whitelist</c>; null: who may now, at first everybody.</param>
    /// <param name="links">The same picture in other types or sizes, to be fetched by HTTPS.</param>
    /// <returns>The id at the nodes, or in the vCard where there are no nodes: SHA-1 in lower-case hexadecimal.</returns>
    /// <exception cref="ArgumentException">The picture cannot be made small enough, or is no PNG.</exception>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public async Task<string> Set(ReadOnlyMemory<byte> picture, string? accessModel = null, IEnumerable<AvatarInfo>? links = null, CancellationToken cancellationToken = default)
    {
        string? id = null;
        if (HasNodes)
        {
            id = await Publish(picture, accessModel, links?.ToArray() ?? [], cancellationToken);
        }

        if (_vCard is not null || !HasNodes)
        {
            var small = await Small(picture, cancellationToken);
            await (_vCard is null ? SetWithoutNodes(small, cancellationToken) : _vCard.Change(small, "image/png", cancellationToken));
            id ??= Xep0084UserAvatar.IdOf(small);
        }

        return id!;
    }

    /// <summary>Takes the picture away everywhere.</summary>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public async Task Clear(CancellationToken cancellationToken = default)
    {
        if (HasNodes && (await _publisher.Published(cancellationToken)).Count > 0)
        {
            await _publisher.Disable(cancellationToken);
        }

        // Some servers that keep both the same leave the vCard's picture behind.
        await (_vCard is null ? SetWithoutNodes(null, cancellationToken) : _vCard.Change(null, null, cancellationToken));
    }

    /// <summary>Who may see the picture at the nodes, and where they are the same, everywhere.</summary>
    /// <exception cref="StanzaErrorException">The server refused; <c>item-not-found</c>: nothing was ever published.</exception>
    public Task SetAccess(string accessModel, CancellationToken cancellationToken = default) => _publisher.SetAccess(accessModel, cancellationToken);

    private async Task<string> Publish(ReadOnlyMemory<byte> picture, string? accessModel, AvatarInfo[] links, CancellationToken cancellationToken)
    {
        var published = await _publisher.Published(cancellationToken);
        var access = accessModel ?? await _publisher.Access(cancellationToken) ?? "open";
        for (var index = 0; ; index++)
        {
            var isLast = _makePng is null || index == Edges.Length - 1;
            var png = _makePng is null ? picture.ToArray() : await _makePng(picture, Edges[index], AvatarPublisher.MaxBytes, cancellationToken);
            if (png.Length > AvatarPublisher.MaxBytes && !isLast)
            {
                continue;
            }

            var id = Xep0084UserAvatar.IdOf(png);
            if (published.Where(info => info.Url is null).Select(info => info.Id).SequenceEqual([id]) && published.Where(info => info.Url is not null).SequenceEqual(links))
            {
                if (accessModel is not null)
                {
                    await _publisher.SetAccess(accessModel, cancellationToken);
                }

                return id;
            }

            try
            {
                return await _publisher.Publish(png, access, links, cancellationToken);
            }
            catch (StanzaErrorException tooBig) when (tooBig.Detail?.Name == AvatarPublisher.TooBig && !isLast)
            {
                // A smaller one, then.
            }
            catch (ArgumentException) when (!isLast)
            {
                // The server takes no stanza of this size.
            }
        }
    }

    private async Task<byte[]> Small(ReadOnlyMemory<byte> picture, CancellationToken cancellationToken)
    {
        foreach (var edge in Edges.Where(edge => edge <= MaxVCardEdge))
        {
            var png = _makePng is null ? picture.ToArray() : await _makePng(picture, edge, MaxVCardBytes, cancellationToken);
            if (png.Length <= MaxVCardBytes)
            {
                return png;
            }
        }

        throw new ArgumentException($"The picture cannot be made as small as a vCard wants it, {MaxVCardBytes} bytes.");
    }

    private async Task SetWithoutNodes(byte[]? picture, CancellationToken cancellationToken)
    {
        var vCard = await VCards.Read(_client, null, cancellationToken) ?? new Element("vCard", Ns.VCard);
        if (picture is not null || Xep0054VCard.ReadPhoto(vCard).Kind != VCardPhotoKind.None)
        {
            await VCards.Write(_client, Xep0054VCard.WithPhoto(vCard, picture, picture is null ? null : "image/png"), cancellationToken);
        }
    }

    // XEP-0398 §5.1: the server says it again to contacts, not in rooms.
    private void Hear(Element stanza)
    {
        if (stanza.Name != "message" || !Jid.TryParse(stanza["from"] ?? _client.Address.BareText, out var from) || !from.Equals(_client.Address.Bare)
            || stanza.Child("event", Ns.PubSubEvent)?.Child("items") is not { } items || items["node"] != Ns.AvatarMetadata
            || Xep0084UserAvatar.LastMetadata(items) is not { } infos)
        {
            return;
        }

        var hash = infos.FirstOrDefault(info => info.Url is null)?.Id ?? "";
        if (Interlocked.Exchange(ref _toldRooms, hash) != hash)
        {
            _ = TellRooms();
        }
    }

    private async Task TellRooms()
    {
        try
        {
            await _client.RepeatPresence(broadcast: false, directed: true);
        }
        catch (Exception lost) when (lost is IOException or TimeoutException or ObjectDisposedException)
        {
            _client.Options.Report?.Invoke(lost);
        }
    }
}
