using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>What was sent and not acknowledged (XEP-0198 §4). Guarded by the outbox.</summary>
/// <param name="from">Who stamps what is sent late.</param>
/// <param name="count">Where counting begins; zero but for tests.</param>
internal sealed class Unacknowledged(string from, uint count = 0)
{
    private const int AskedAfter = 5;
    private int _messages;
    private int _gaps;
    private bool _isAskDue;

    public string From => from;

    /// <summary>Bytes that were told to be kept for a client that is away.</summary>
    public long Accounted { get; set; }

    public StanzaQueue Queue { get; } = new();

    /// <summary>The last number that the client has acknowledged, modulo 2³².</summary>
    public uint Acknowledged { get; private set; } = count;

    /// <summary>Stanzas sent so far, modulo 2³².</summary>
    public uint Sent => unchecked(Acknowledged + (uint)Queue.Count);

    /// <summary>The client was asked and owes an answer.</summary>
    public bool IsAsked { get; private set; }

    /// <summary>When it was asked.</summary>
    public long AskedAt { get; private set; }

    /// <summary>A message waits for its acknowledgement.</summary>
    public bool HasMessage => _messages > 0;

    /// <summary>Something of it was let go of: the stream cannot be resumed until the client has acknowledged that, too.</summary>
    public bool HasGap => _gaps > 0;

    public bool IsAskDue => !IsAsked && (_isAskDue || Queue.Count >= AskedAfter);

    public void Add(in QueuedStanza stanza)
    {
        Queue.Add(stanza);
        if (stanza.Stanza!.IsMessage)
        {
            _messages++;
            _isAskDue = true;
        }
    }

    public void Asked(long now) => (IsAsked, AskedAt, _isAskDue) = (true, now, false);

    /// <summary>The client has handled this many stanzas.</summary>
    /// <exception cref="StreamErrorException">It was not sent as many.</exception>
    public void Acknowledge(uint handled)
    {
        if (!Accepts(handled))
        {
            throw new StreamErrorException("undefined-condition", $"You acknowledged {handled} stanzas, but only {Sent} were sent.")
            {
                Detail = new Element("handled-count-too-high", Ns.StreamManagement).Set("h", $"{handled}").Set("send-count", $"{Sent}"),
            };
        }

        IsAsked = false;
        if (unchecked(handled - Acknowledged) > (uint)Queue.Count)
        {
            return;
        }

        while (Acknowledged != handled)
        {
            Take();
            Acknowledged = unchecked(Acknowledged + 1);
        }
    }

    /// <summary>The stream is over: what is left is sent again from the last acknowledged number on, or goes back.</summary>
    public void TakeAllInto(StanzaQueue queue)
    {
        while (Queue.Count > 0)
        {
            if (Take() is { Stanza: not null } stanza)
            {
                queue.Add(stanza);
            }
        }

        (IsAsked, _isAskDue) = (false, false);
    }

    /// <summary>Lets go of everything but messages; only how many there were is kept. The client is served all the same.</summary>
    public bool LetGo()
    {
        Queue.Replace(stanza =>
        {
            if (stanza.Stanza is null or { IsMessage: true })
            {
                return stanza;
            }

            _gaps++;
            return stanza with { Stanza = null };
        });
        return HasGap;
    }

    // A number that is older than what is known says nothing new.
    private bool Accepts(uint handled) =>
        unchecked(handled - Acknowledged) <= (uint)Queue.Count || unchecked(Acknowledged - handled) < 1u << 31;

    private QueuedStanza Take()
    {
        var stanza = Queue.Take();
        if (stanza.Stanza is null)
        {
            _gaps--;
        }
        else if (stanza.Stanza.IsMessage)
        {
            _messages--;
        }

        return stanza;
    }
}
