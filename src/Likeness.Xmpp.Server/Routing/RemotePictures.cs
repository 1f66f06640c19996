using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>
/// Pictures and cards of people of other servers: asked for once while several ask the same, and kept for a while. What their server showed to
/// one asker is shown to that asker only, for it may show nothing, or something else, to the next one.
/// </summary>
internal sealed class RemotePictures(OutgoingQuestions questions, TimeProvider time)
{
    private const int MaxKeptBytes = 32 * 1024 * 1024;
    private const int KeyBytes = 300;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private readonly GenerationCache<Wanted, Kept> _kept = new(MaxKeptBytes, static kept => kept.Bytes);
    private readonly ConcurrentDictionary<Wanted, Lazy<Task<Element>>> _asked = new();

    /// <summary>A picture by the id it is published under (XEP-0084 §4.2.2), asked for in the name of a person here.</summary>
    /// <returns>The iq, result or error; its addresses and id are of no use.</returns>
    /// <exception cref="TimeoutException">There is no answer.</exception>
    public Task<Element> Picture(Jid asker, Jid owner, string id) => Answer(new Wanted(asker.Text, owner.Text, id), asker, owner, static id =>
        new Element("pubsub", Ns.PubSub).Add(new Element("items", Ns.PubSub).Set("node", Ns.AvatarData).Add(new Element("item", Ns.PubSub).Set("id", id))));

    /// <summary>A vCard (XEP-0054), asked for in the name of an occupant.</summary>
    /// <param name="photo">The hash that its owner shows in presence: with another one it is another card.</param>
    /// <inheritdoc cref="Picture"/>
    public Task<Element> Card(Jid asker, Jid owner, string photo) =>
        Answer(new Wanted(asker.Text, owner.Text, $"card {photo}"), asker, owner, static _ => new Element("vCard", Ns.VCard));

    /// <summary>The id if this asks for one picture and nothing else; else null.</summary>
    public static string? IdIn(Element iq) =>
        iq["type"] == "get"
        && iq.FirstChild() is { Namespace: Ns.PubSub, Name: "pubsub" } pubsub
        && pubsub.FirstChild() is { Name: "items" } items && items["node"] == Ns.AvatarData
        && items.Count() == 1 && items.FirstChild()!["id"] is { Length: 40 } id
            ? id
            : null;

    private Task<Element> Answer(Wanted wanted, Jid asker, Jid owner, Func<string, Element> payload)
    {
        if (_kept.TryGet(wanted, out var kept) && time.GetElapsedTime(kept.Since) < Lifetime)
        {
            return Task.FromResult(kept.Answer);
        }

        return _asked.GetOrAdd(wanted, _ => new Lazy<Task<Element>>(() => Ask(wanted, asker, owner, payload(wanted.What)))).Value;
    }

    private async Task<Element> Ask(Wanted wanted, Jid asker, Jid owner, Element payload)
    {
        try
        {
            var answer = await questions.Ask(asker, owner, "get", payload, AnswerTimeout);
            if (answer["type"] == "result" && (wanted.What.StartsWith("card ", StringComparison.Ordinal) || IsOf(answer, wanted.What)))
            {
                _kept.Set(wanted, new Kept(answer, time.GetTimestamp(), KeyBytes + Encoding.UTF8.GetByteCount(answer.ToString())));
            }

            return answer;
        }
        finally
        {
            _asked.TryRemove(wanted, out _);
        }
    }

    // What is not what its id says is passed on as it came, for whoever asked to judge, and not kept.
    private static bool IsOf(Element answer, string id)
    {
        var data = answer.Child("pubsub", Ns.PubSub)?.Child("items", Ns.PubSub)?.Child("item", Ns.PubSub)?.Child("data", Ns.AvatarData)?.Text();
        if (data is null)
        {
            return false;
        }

        var bytes = new byte[data.Length];
        return Convert.TryFromBase64String(data, bytes, out var count)
            && Convert.ToHexStringLower(SHA1.HashData(bytes.AsSpan(0, count))) == id;
    }

    private readonly record struct Wanted(string Asker, string Owner, string What);

    private sealed record Kept(Element Answer, long Since, int Bytes);
}
