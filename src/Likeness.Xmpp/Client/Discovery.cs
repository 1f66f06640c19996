using System.Collections.Concurrent;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Something that an entity offers (XEP-0030 §4).</summary>
public sealed record DiscoItem(Jid Address, string? Node, string? Name);

/// <summary>What others are and can do (XEP-0030), asked once for each hash that they announce (XEP-0115).</summary>
#pragma warning disable CA1001 // Its semaphore has no handle.
public sealed class Discovery
#pragma warning restore CA1001
{
    private const int MaxKnown = 2000;
    private const int MaxAsking = 8;
    private readonly XmppClient _client;
    private readonly XmppClientOptions _options;
    private readonly ConcurrentDictionary<string, DiscoInfo> _verified = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Task<DiscoInfo>> _asking = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(MaxAsking, MaxAsking);
    private readonly Lock _lock = new();

    internal Discovery(XmppClient client, XmppClientOptions options) => (_client, _options) = (client, options);

    /// <summary>What an entity says of itself, or of one of its nodes.</summary>
    /// <param name="to">Null: the own account.</param>
    /// <exception cref="StanzaErrorException">It does not say.</exception>
    public async Task<DiscoInfo> Info(Jid? to = null, string? node = null, CancellationToken cancellationToken = default)
    {
        var query = new Element("query", Ns.DiscoInfo).Set("node", node);
        var answer = await _client.Request(Get(to).Add(query), cancellationToken);
        return answer.Child("query", Ns.DiscoInfo) is { } found ? DiscoInfo.Read(found)! : new DiscoInfo([], []);
    }

    /// <summary>What an entity offers; of an account: the nodes that may be read.</summary>
    /// <param name="to">Null: the own account.</param>
    /// <exception cref="StanzaErrorException">It does not say.</exception>
    public async Task<IReadOnlyList<DiscoItem>> Items(Jid? to = null, CancellationToken cancellationToken = default)
    {
        var answer = await _client.Request(Get(to).Add(new Element("query", Ns.DiscoItems)), cancellationToken);
        return
        [
            .. from item in answer.Child("query", Ns.DiscoItems)?.AsEnumerable() ?? []
               where item.Is("item", Ns.DiscoItems) && Jid.TryParse(item["jid"], out _)
               select new DiscoItem(Jid.Parse(item["jid"]!), item["node"], item["name"]),
        ];
    }

    /// <summary>What the sender of a presence can do. A description is believed for everybody who announces its hash when the hash is right, else for this sender and this time only.</summary>
    /// <returns>Null: the presence announces nothing.</returns>
    /// <exception cref="StanzaErrorException">The sender does not say.</exception>
    public async Task<DiscoInfo?> Of(Element presence, CancellationToken cancellationToken = default)
    {
        if (Xep0115EntityCapabilities.Read(presence) is not { } announced || !Jid.TryParse(presence["from"], out var from))
        {
            return null;
        }

        if (announced.Hash != "sha-1")
        {
            return await Info(from, announced.DiscoNode, cancellationToken);
        }

        while (true)
        {
            if (_verified.TryGetValue(announced.Version, out var known))
            {
                return known;
            }

            Task<DiscoInfo> asking;
            bool isOurs;
            lock (_lock)
            {
                isOurs = !_asking.TryGetValue(announced.Version, out asking!);
                if (isOurs)
                {
                    _asking[announced.Version] = asking = Ask(from, announced);
                }
            }

            if (isOurs)
            {
                return await asking.WaitAsync(cancellationToken);
            }

            // Somebody else's answer: either it was right, then it is known now, or it concerns only them.
            await asking.WaitAsync(cancellationToken).ContinueWith(_ => { }, cancellationToken, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    internal static Element Describe(Element iq, Element query, DiscoInfo abilities, string node)
    {
        var asked = query["node"];
        return asked is null || asked == $"{node}#{Xep0115EntityCapabilities.Verification(abilities)}"
            ? StanzaReply.Result(iq, abilities.ToElement(asked))
            : StanzaReply.Error(iq, StanzaCondition.ItemNotFound)!;
    }

    private static Element Get(Jid? to) => new Element("iq", Ns.Client).Set("type", "get").Set("to", to?.Text);

    private async Task<DiscoInfo> Ask(Jid from, CapsAnnouncement announced)
    {
        await Task.Yield();
        try
        {
            if (!await _turns.WaitAsync(_options.Timeout))
            {
                throw new TimeoutException("Too many are asked what they can do.");
            }

            try
            {
                var info = await Info(from, announced.DiscoNode);
                if (Xep0115EntityCapabilities.Confirms(announced, info))
                {
                    if (_verified.Count >= MaxKnown && _verified.FirstOrDefault() is { Key: { } oldest })
                    {
                        _verified.TryRemove(oldest, out _);
                    }

                    _verified[announced.Version] = info;
                }

                return info;
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            lock (_lock)
            {
                _asking.Remove(announced.Version);
            }
        }
    }
}
