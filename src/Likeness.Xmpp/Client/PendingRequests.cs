using System.Collections.Concurrent;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Requests (<c>iq</c>) whose answers have not come.</summary>
internal sealed class PendingRequests
{
    private const int MaxPending = 2000;
    private readonly ConcurrentDictionary<string, (Element Request, TaskCompletionSource<Element> Answer)> _asked = new(StringComparer.Ordinal);

    /// <exception cref="IOException">Too many are on their way.</exception>
    public Task<Element> Add(string id, Element request)
    {
        if (_asked.Count >= MaxPending)
        {
            throw new IOException($"{MaxPending} requests wait for their answers already.");
        }

        var answer = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = (request, answer);
        return answer.Task;
    }

    public void Remove(string id) => _asked.TryRemove(id, out _);

    /// <summary>An answer came. What was not asked, or comes from somebody else, is passed over.</summary>
    public void Take(Element answer, Jid own)
    {
        if (answer["id"] is { } id && _asked.TryGetValue(id, out var asked) && IsFromTheOneAsked(answer, asked.Request, own))
        {
            asked.Answer.TrySetResult(answer);
        }
    }

    public void Fail(Exception reason)
    {
        foreach (var (_, answer) in _asked.Values)
        {
            answer.TrySetException(reason);
        }
    }

    // What was asked of the own account may be answered without a sender, or by its bare address (RFC 6120 §8.1.2.1).
    private static bool IsFromTheOneAsked(Element reply, Element request, Jid own)
    {
        var to = request["to"];
        var ownAccount = to is null || (Jid.TryParse(to, out var asked) && asked.Equals(own.Bare));
        if (reply["from"] is not { } from)
        {
            return ownAccount;
        }

        if (!Jid.TryParse(from, out var sender))
        {
            return false;
        }

        return ownAccount
            ? sender.Equals(own.Bare) || (to is null && (sender.Equals(own) || sender.Text == own.Domain))
            : Jid.TryParse(to, out var wanted) && sender.Equals(wanted);
    }
}
