using System.Buffers;
using System.Text;
using Likeness.Xmpp.Payloads;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A stanza on its way to one session.</summary>
/// <param name="Stanza">Null: it is only counted any more, for the sake of those behind it.</param>
/// <param name="Addressee">Attribute text, UTF-8, escaped; empty: it has its address.</param>
/// <param name="Sent">When it was given to the session.</param>
/// <param name="IsCounted">The client acknowledges it.</param>
/// <param name="IsLate">It was held up, or sent on a stream that broke: a message says by itself when it was sent (XEP-0203).</param>
/// <param name="IsInDoubt">It was written to a connection that broke, and the client may have it.</param>
internal readonly record struct QueuedStanza(PreparedStanza? Stanza, byte[] Addressee, DateTimeOffset Sent, bool IsCounted, bool IsLate = false, bool IsInDoubt = false)
{
    public int Length => Stanza?.LengthFor(Addressee) ?? 0;

    public void WriteTo(IBufferWriter<byte> output, string? stampedBy)
    {
        if (IsLate && stampedBy is not null && Stanza!.IsMessage && !Stanza.IsStamped)
        {
            Stanza.WriteTo(output, Addressee, Encoding.UTF8.GetBytes(Xep0203DelayedDelivery.Stamp(Sent, stampedBy).ToString()));
        }
        else
        {
            Stanza!.WriteTo(output, Addressee);
        }
    }
}

/// <summary>Stanzas in their order, and how many bytes they are. Guarded by the outbox.</summary>
internal sealed class StanzaQueue
{
    private const int KeptCapacity = 256;
    private const int CoalescedFrom = 64;
    private Queue<QueuedStanza> _queue = new();
    private int _coalesceAt = CoalescedFrom;

    public int Count => _queue.Count;

    public long Bytes { get; private set; }

    public void Add(in QueuedStanza stanza)
    {
        _queue.Enqueue(stanza);
        Bytes += stanza.Length;
    }

    public QueuedStanza Take()
    {
        var stanza = _queue.Dequeue();
        Bytes -= stanza.Length;
        if (_queue.Count == 0 && _queue.Capacity > KeptCapacity)
        {
            _queue = new();
        }

        return stanza;
    }

    /// <summary>What is sent on the next stream, or goes back: what was sent on the last one and not acknowledged, then what waited. Null: nothing.</summary>
    public static StanzaQueue? SentAgain(Unacknowledged window, StanzaQueue? waiting)
    {
        var all = new StanzaQueue();
        window.TakeAllInto(all);
        if (waiting is not null)
        {
            all.AddAll(waiting);
        }

        all.Coalesce();

        // What is about a stream means nothing to the next.
        all.Replace(static stanza => stanza.Stanza!.IsStanza ? stanza with { IsCounted = true, IsLate = true } : null);
        return all.Count == 0 ? null : all;
    }

    public IEnumerable<QueuedStanza> All => _queue;

    /// <summary>When the first one was given to the session.</summary>
    public DateTimeOffset Since => _queue.Peek().Sent;

    public bool Any(Func<QueuedStanza, bool> so) => _queue.Any(so);

    /// <summary>Puts these behind its own, as they are.</summary>
    public void AddAll(StanzaQueue later)
    {
        while (later.Count > 0)
        {
            Add(later.Take());
        }
    }

    /// <summary>Changes every stanza, or takes it out.</summary>
    public void Replace(Func<QueuedStanza, QueuedStanza?> change)
    {
        for (var count = _queue.Count; count > 0; count--)
        {
            if (change(Take()) is { } changed)
            {
                Add(changed);
            }
        }
    }

    /// <summary>As <see cref="Coalesce"/>, each time it has doubled: what waits long stays as short as it can without being looked through again and again.</summary>
    public void CoalesceIfLong()
    {
        if (Count >= _coalesceAt)
        {
            Coalesce();
            _coalesceAt = Math.Max(CoalescedFrom, 2 * Count);
        }
    }

    /// <summary>Of presences of one sender, and of events of one node, the newest is enough.</summary>
    public void Coalesce()
    {
        var newest = new Dictionary<string, int>(StringComparer.Ordinal);
        var number = 0;
        foreach (var stanza in _queue)
        {
            if (stanza.Stanza?.Subject is { Length: > 0 } subject)
            {
                newest[subject] = number;
            }

            number++;
        }

        number = 0;
        Replace(stanza =>
        {
            var subject = stanza.Stanza?.Subject;
            var isNewest = string.IsNullOrEmpty(subject) || newest[subject] == number;
            number++;
            return isNewest ? stanza : null;
        });
    }
}
