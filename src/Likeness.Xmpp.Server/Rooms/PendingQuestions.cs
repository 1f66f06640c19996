using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>A question that waits for a client's answer.</summary>
/// <param name="target">The client that was asked.</param>
internal sealed class PendingQuestion(Sender asker, Element iq, Jid target, DateTimeOffset asked)
{
    public string Id { get; } = StanzaId.New();

    public Jid Target => target;

    public DateTimeOffset Asked => asked;

    public void Answer(Element answer)
    {
        if (answer["type"] == "result")
        {
            asker.Reply(StanzaReply.Result(iq, answer.FirstChild()));
        }
        else
        {
            // No "by", no addresses: what went wrong, and nothing that says who it is.
            var error = StanzaReply.ReadError(answer);
            asker.Reply(StanzaReply.Error(iq, Names(error.ToElement()) ? new StanzaErrorException(error.Condition) : error)!);
        }
    }

    private bool Names(Element error) => error.ToString().Contains(target.BareText, StringComparison.OrdinalIgnoreCase);

    public void Fail() => asker.Reply(StanzaReply.Error(iq, StanzaCondition.RecipientUnavailable)!);
}

/// <summary>The questions that wait in one room.</summary>
internal sealed class PendingQuestions
{
    public const int Max = 1000;
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    // Answers come outside the room's turn too, when nobody is there to give one.
    private readonly Lock _gate = new();
    private Dictionary<string, PendingQuestion>? _waiting;

    public bool TryAdd(PendingQuestion question, DateTimeOffset now)
    {
        lock (_gate)
        {
            _waiting ??= new(StringComparer.Ordinal);
            foreach (var old in _waiting.Values.TakeWhile(old => now - old.Asked > Lifetime).ToArray())
            {
                _waiting.Remove(old.Id);
            }

            return _waiting.Count < Max && _waiting.TryAdd(question.Id, question);
        }
    }

    /// <param name="from">Who answers; only who was asked does.</param>
    public PendingQuestion? Take(string? id, Jid from)
    {
        lock (_gate)
        {
            if (id is null || _waiting?.GetValueOrDefault(id) is not { } question || question.Target != from)
            {
                return null;
            }

            Remove(question);
            return question;
        }
    }

    /// <summary>Whoever waits for this client waits in vain.</summary>
    public void Fail(Jid target)
    {
        PendingQuestion[] failed;
        lock (_gate)
        {
            failed = _waiting is null ? [] : [.. _waiting.Values.Where(question => question.Target == target)];
            foreach (var question in failed)
            {
                Remove(question);
            }
        }

        foreach (var question in failed)
        {
            question.Fail();
        }
    }

    private void Remove(PendingQuestion question)
    {
        _waiting!.Remove(question.Id);
        _waiting = _waiting.Count == 0 ? null : _waiting;
    }
}
