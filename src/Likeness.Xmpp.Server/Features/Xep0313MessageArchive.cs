using System.Buffers;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>
/// XEP-0313 Message Archive Management 1.1.3, with the ids of XEP-0359: what people write and are written is kept in the archives of both
/// before it is delivered, and read there by their clients. Archives of rooms are the rooms' (<c>Rooms/RoomArchive.cs</c>).
/// </summary>
internal sealed class Xep0313MessageArchive(Archives archives, ArchiveReading reading, DomainPolicies domains) : IFeature
{
    public void Register(FeatureRegistry registry)
    {
        registry.OnMessage(MessageStage.Archive, Archive);
        registry.OnSent(MessageStage.Refuse, RemoveForged);
        if (!archives.IsOn)
        {
            return;
        }

        registry.AccountFeatures.Add(Ns.Archive);
        registry.AccountFeatures.Add($"{Ns.Archive}#extended");
        registry.AccountFeatures.Add($"{Ns.Archive}#groupchat-field");
        registry.AccountFeatures.Add(Ns.StanzaIds);
        registry.OnSent(MessageStage.Deliver, ArchiveSent);
        registry.OnOwnIq("get", "query", Ns.Archive, static _ => new(ArchiveQuery.Form()));
        registry.OnOwnIq("set", "query", Ns.Archive, Read);
        registry.OnOwnIq("get", "metadata", Ns.Archive, Describe);
        registry.SessionBound.Add(async session => await reading.Describe(await archives.Of(session.Account)));
    }

    private async ValueTask<Element?> Read(IqRequest request)
    {
        var query = ArchiveQuery.Read(request.Payload);
        var archive = await archives.Of(request.Account);
        await archives.Asked(archive);
        return await reading.Answer(archive, request.Sender, query, (with, filter) => filter with { Peer = with.BareText, Resource = with.Resource });
    }

    private async ValueTask<Element?> Describe(IqRequest request)
    {
        var archive = await archives.Of(request.Account);
        await archives.Asked(archive);
        return await reading.Describe(archive, request.Sender);
    }

    // XEP-0359 §5: ids in the name of an account are that account's server's.
    private static ValueTask RemoveForged(SentMessage sent)
    {
        while (Forged(sent.Message, sent.Client.Account.Jid) is { } forged)
        {
            sent.Message.Remove(forged);
        }

        return default;
    }

    private static Element? Forged(Element message, Jid account)
    {
        foreach (var node in message.Nodes)
        {
            if (node is Element { Namespace: Ns.StanzaIds, Name: "stanza-id" } id && Jid.TryParse(id["by"], out var by) && by.Bare == account)
            {
                return id;
            }
        }

        return null;
    }

    // What comes a second time is in the archive already, or was not to be.
    private ValueTask Archive(MessagePassage passage)
    {
        var account = passage.Account!;
        if (passage.Missed is not null)
        {
            return archives.IsOn && Forged(passage.Message, account.Jid) is not null ? FindAgain(passage, account) : default;
        }

        if (Forged(passage.Message, account.Jid) is not null)
        {
            passage.Message = passage.Message.Copy();
            while (Forged(passage.Message, account.Jid) is { } forged)
            {
                passage.Message.Remove(forged);
            }
        }

        return archives.IsOn && IsKept(passage.Message, passage.IsWorthKeeping) ? Keep(passage, account) : default;
    }

    private async ValueTask FindAgain(MessagePassage passage, Account account)
    {
        passage.IsArchived = true;
        passage.IsFoundLater = archives.IsInUse(await archives.Of(account));
    }

    private async ValueTask Keep(MessagePassage passage, Account recipient)
    {
        var sent = passage.From as SentMessage;
        var from = passage.From.Jid;
        var archive = await archives.Of(recipient);
        var isReceived = IsWanted(recipient, archive, from);
        if (passage.From.Once is { } once)
        {
            if (isReceived && !once.IsArchived)
            {
                once.IsArchived = true;
                var first = archives.Add(archive, from.BareText, from.Resource, Bytes(passage.Message));
                once.ArchiveId = first.Id;
                await first.Durable;
            }

            Received(passage, recipient, archive, once.ArchiveId);
            return;
        }

        var isOwn = sent is not null && ReferenceEquals(sent.Client.Account, recipient);
        var senders = sent is null || isOwn ? null : await archives.Of(sent.Client.Account);
        var isSent = senders is not null && IsWanted(sent!.Client.Account, senders, passage.To);
        if (!isReceived && !isSent)
        {
            return;
        }

        var bytes = Bytes(passage.Message);
        AddedMessage? outgoing = null;
        AddedMessage? incoming = null;
        if (isReceived && isSent)
        {
            (outgoing, incoming) = archives.AddBoth(senders!, from, archive, passage.To, bytes);
        }
        else if (isReceived)
        {
            incoming = archives.Add(archive, from.BareText, isOwn ? passage.To.Resource : from.Resource, bytes);
        }
        else
        {
            outgoing = archives.Add(senders!, passage.To.BareText, passage.To.Resource, bytes);
        }

        var durable = (incoming ?? outgoing!.Value).Durable;
        sent?.Waiting = bytes.Length;
        await (sent is null ? durable : archives.Together(durable));
        sent?.ArchiveId = outgoing?.Id ?? (isOwn ? incoming?.Id : null);
        Received(passage, recipient, archive, incoming?.Id);
    }

    private void Received(MessagePassage passage, Account recipient, MessageArchive archive, string? id)
    {
        if (id is not null)
        {
            passage.Message = passage.Message.Copy().Add(new Element("stanza-id", Ns.StanzaIds).Set("id", id).Set("by", recipient.Jid.Text));
            passage.IsArchived = true;
            passage.IsFoundLater = archives.IsInUse(archive);
        }
    }

    // Whoever is not a person of this server has no passage here; what its own server or service did not refuse was sent.
    private async ValueTask ArchiveSent(SentMessage sent)
    {
        if (sent.IsRefused || sent.ArchiveId is not null || domains.ServesChats(sent.To.Domain) || !IsKept(sent.Message, MessagePassage.IsForLater(sent.Message)))
        {
            return;
        }

        var account = sent.Client.Account;
        var archive = await archives.Of(account);
        if (IsWanted(account, archive, sent.To))
        {
            var added = archives.Add(archive, sent.To.BareText, sent.To.Resource, Bytes(sent.Message));
            sent.ArchiveId = added.Id;
            await added.Durable;
        }
    }

    // XEP-0334 §4.2
    private static bool IsKept(Element message, bool isWorthKeeping) => isWorthKeeping && message.Child("no-permanent-store", Ns.Hints) is null;

    // XEP-0441 §2.3
    private static bool IsWanted(Account account, MessageArchive archive, Jid other)
    {
        var rules = archive.Rules;
        if (rules.Always.Count + rules.Never.Count > 0)
        {
            if (IsListed(rules.Always, other))
            {
                return true;
            }

            if (IsListed(rules.Never, other))
            {
                return false;
            }
        }

        return rules.Default switch
        {
            ArchiveRule.Always => true,
            ArchiveRule.Never => false,
            _ => other.BareText == account.Jid.Text || account.Roster.Find(other) is { Subscription: not Subscription.None },
        };
    }

    private static bool IsListed(IReadOnlyList<string> list, Jid other) => list.Contains(other.BareText) || (!other.IsBare && list.Contains(other.Text));

    private static byte[] Bytes(Element message)
    {
        var output = new ArrayBufferWriter<byte>(512);
        ElementWriter.WriteAlone(output, message);
        return output.WrittenSpan.ToArray();
    }
}
