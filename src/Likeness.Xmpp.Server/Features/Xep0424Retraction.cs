using System.Buffers;
using System.Globalization;
using System.Text;
using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0424 Message Retraction 0.4.2: a message passes as any other; in the archives of both who talk it leaves a tombstone in the place of
/// what its author takes back, if that is among the last messages between them (§4). Rooms do so themselves.
/// </summary>
internal sealed class Xep0424Retraction(Archives archives, TimeProvider time) : IFeature
{
    /// <summary>Messages with the other side that are looked through.</summary>
    private const int MaxSearched = 500;

    /// <summary>Bytes of those: they are in memory meanwhile.</summary>
    private const int MaxSearchedBytes = 4 * 1024 * 1024;

    private const int MaxAuthors = 10_000;
    private static readonly RateLimit PerAuthor = new(60, TimeSpan.FromMinutes(1));
    private readonly KeyedRateLimiter<string> _searches = new(PerAuthor, MaxAuthors, time);

    public void Register(FeatureRegistry registry)
    {
        if (archives.IsOn)
        {
            registry.AccountFeatures.Add($"{Ns.Retraction}#tombstone");
            registry.OnMessage(MessageStage.Push, passage => passage is { IsArchived: true, Missed: null }
                ? TakeBack(passage.Account!, passage.From.Jid.BareText, passage.From.Jid, passage.Message)
                : default);
            registry.OnSent(MessageStage.Push, sent => sent.ArchiveId is not null
                ? TakeBack(sent.Client.Account, sent.To.BareText, sent.Jid, sent.Message)
                : default);
        }
    }

    private ValueTask TakeBack(Account owner, string peer, Jid author, Element retraction) =>
        retraction.Child("retract", Ns.Retraction)?["id"] is { Length: > 0 } id && _searches.Take($"{author.BareText} {owner.Jid.Text}") == TimeSpan.Zero
            ? TakeBack(owner, peer, author, id, retraction["id"])
            : default;

    private async ValueTask TakeBack(Account owner, string peer, Jid author, string id, string? retraction)
    {
        var archive = await archives.Of(owner);
        var attribute = Encoding.UTF8.GetBytes(id);
        var recent = await archives.Read(archive, new ArchiveFilter { Peer = peer }, isBackwards: true, MaxSearched, MaxSearchedBytes);
        foreach (var message in recent.Messages.Reverse())
        {
            if (message.Stanza.AsSpan().IndexOf(attribute) >= 0 && XmlStreamReader.ParseElement(message.Stanza, Ns.Client) is var said && IsMeant(said, id, author))
            {
                var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
                var left = new Element("message", Ns.Client).SetAll(said.Attributes)
                    .Add(said.Child("x", Ns.MucUser))
                    .Add(said.Child("occupant-id", Ns.OccupantId))
                    .Add(new Element("retracted", Ns.Retraction).Set("stamp", stamp).Set("id", retraction));
                var output = new ArrayBufferWriter<byte>(256);
                ElementWriter.WriteAlone(output, left);
                await archives.Replace(archive, message.Number, output.WrittenSpan.ToArray());
                return;
            }
        }
    }

    // Only who said it takes it back. An occupant of a room is told from the others by its nick.
    private static bool IsMeant(Element said, string id, Jid author) =>
        said["id"] == id && Jid.TryParse(said["from"], out var from)
        && (said.Child("x", Ns.MucUser) is null ? from.Bare == author.Bare : from == author)
        && said.Child("retracted", Ns.Retraction) is null && said.Child("retract", Ns.Retraction) is null;
}
