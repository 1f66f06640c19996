using System.Collections.Concurrent;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Iqs that the server itself sends to anybody in the name of a bare address, and who waits for the answers.</summary>
internal sealed class OutgoingQuestions(Router router, TimeProvider time)
{
    private const int MaxWaiting = 10_000;
    private readonly ConcurrentDictionary<string, Question> _waiting = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The result or the error, also one of this server. Throws <see cref="TimeoutException"/> when there is none in time, or too many others wait.</summary>
    public async Task<Element> Ask(Jid from, Jid to, string type, Element payload, TimeSpan timeout)
    {
        var question = new Question(from, to);
        var id = StanzaId.New();
        if (Interlocked.Increment(ref _count) > MaxWaiting)
        {
            Interlocked.Decrement(ref _count);
            throw new TimeoutException("Too many questions wait for answers.");
        }

        _waiting[id] = question;
        try
        {
            router.Send(new Asker(from, question), new Element("iq", Ns.Client).Set("from", from.Text).Set("to", to.Text).Set("id", id).Set("type", type).Add(payload), to);
            return await question.Answer.Task.WaitAsync(timeout, time);
        }
        finally
        {
            _waiting.TryRemove(id, out _);
            Interlocked.Decrement(ref _count);
        }
    }

    /// <summary>False: nobody asked that, or somebody else answers it.</summary>
    public bool Complete(Element iq, Jid to) =>
        _waiting.TryGetValue(iq["id"]!, out var question)
        && question.From == to
        && Jid.TryParse(iq["from"], out var from)
        && question.To == from
        && question.Answer.TrySetResult(iq);

    private sealed record Question(Jid From, Jid To)
    {
        public TaskCompletionSource<Element> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Asker(Jid jid, Question question) : Sender
    {
        public override Jid Jid => jid;

        public override void Reply(Element stanza) => question.Answer.TrySetResult(stanza);
    }
}
