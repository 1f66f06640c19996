using System.Globalization;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>The client's half of XEP-0198: what was sent and is not acknowledged, and what came and was handled. Sending is guarded by the client; acknowledging locks.</summary>
internal sealed class ManagedSession
{
    private readonly Lock _lock = new();
    private readonly Queue<(Element Stanza, int Bytes)> _sent = new();
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private uint _acknowledged;
    private int _bytes;

    private ManagedSession(Jid address, string? id) => (Address, ResumptionId) = (address, id);

    public Jid Address { get; }

    /// <summary>By this the session can be asked for on another connection; null: the server does not keep it.</summary>
    public string? ResumptionId { get; }

    /// <summary>Stanzas of the server that were handled, modulo 2³².</summary>
    public uint Handled { get; set; }

    /// <summary>The server was asked what it has handled and owes the answer.</summary>
    public bool IsAsked { get; set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sent.Count;
            }
        }
    }

    public static Element Enable() => new Element("enable", Ns.StreamManagement).Set("resume", "true");

    public static ManagedSession Begun(Element enabled, Jid address) =>
        new(address, enabled["resume"] is "true" or "1" && enabled["id"] is { Length: > 0 } id ? id : null);

    public Element Resume() => new Element("resume", Ns.StreamManagement).Set("h", Number(Handled)).Set("previd", ResumptionId);

    public Element Answer() => new Element("a", Ns.StreamManagement).Set("h", Number(Handled));

    /// <summary>Whether another stanza may be sent; else a task that completes when something was acknowledged.</summary>
    public bool HasRoom(int maxCount, int maxBytes, out Task room)
    {
        lock (_lock)
        {
            room = _room.Task;
            return _sent.Count < maxCount && _bytes < maxBytes;
        }
    }

    public void Sent(Element stanza, int bytes)
    {
        lock (_lock)
        {
            _sent.Enqueue((stanza, bytes));
            _bytes += bytes;
        }
    }

    /// <summary>The server has handled so many. What is no number, or acknowledges what was never sent, is a broken server's.</summary>
    /// <exception cref="StreamErrorException">More was acknowledged than was sent (§4).</exception>
    public void Acknowledge(string? handled)
    {
        if (!uint.TryParse(handled, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return;
        }

        lock (_lock)
        {
            var count = unchecked(number - _acknowledged);
            if (count > _sent.Count)
            {
                throw new StreamErrorException("undefined-condition", $"The server acknowledged {number} stanzas of {unchecked(_acknowledged + (uint)_sent.Count)}.");
            }

            IsAsked = false;
            for (; count > 0; count--)
            {
                _bytes -= _sent.Dequeue().Bytes;
            }

            _acknowledged = number;
            var waiting = _room;
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.TrySetResult();
        }
    }

    /// <summary>What is not acknowledged, in its order; it stays.</summary>
    public IReadOnlyList<Element> Unacknowledged()
    {
        lock (_lock)
        {
            IsAsked = false;
            return [.. _sent.Select(entry => entry.Stanza)];
        }
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);
}
