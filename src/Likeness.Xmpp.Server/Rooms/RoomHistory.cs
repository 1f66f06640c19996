using System.Globalization;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>The last of what was said in a room, for those who enter (XEP-0045 §7.2.13). In order as sent, whatever the clock says.</summary>
internal sealed class RoomHistory
{
    /// <summary>Bytes of what is kept of one room.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly Queue<Said> _messages = new();
    private long _bytes;

    /// <param name="room">The room's address: it is the room that held it back.</param>
    public void Add(SaidMessage message, string room, int most)
    {
        if (message.Stanza.Child("retracted", Ns.Retraction) is not null)
        {
            return;
        }

        var said = new Said(message.Id, message.Sent, new PreparedStanza(message.Stanza.Copy().Add(Xep0203DelayedDelivery.Stamp(message.Sent, room))));
        _messages.Enqueue(said);
        _bytes += said.Bytes;
        while (_messages.Count > most || (_bytes > MaxBytes && _messages.Count > 1))
        {
            _bytes -= _messages.Dequeue().Bytes;
        }
    }

    /// <summary>True: it was there.</summary>
    public bool Contains(string id) => _messages.Any(message => message.Id == id);

    /// <summary>Takes a message out of what is shown.</summary>
    public void Retract(string id)
    {
        Said[] left = [.. _messages.Where(message => message.Id != id)];
        _messages.Clear();
        _bytes = 0;
        foreach (var message in left)
        {
            _messages.Enqueue(message);
            _bytes += message.Bytes;
        }
    }

    /// <summary>What somebody who enters is shown, oldest first.</summary>
    /// <param name="most">What the owner of the room allows by now.</param>
    public IEnumerable<PreparedStanza> For(HistoryRequest request, int most, DateTimeOffset now)
    {
        var since = request.Since(now);
        var taken = 0;
        var characters = 0L;
        foreach (var message in _messages.Reverse())
        {
            characters += message.Bytes;
            if (taken == Math.Min(request.MaxStanzas, most) || characters > request.MaxCharacters || message.Sent < since)
            {
                break;
            }

            taken++;
        }

        return _messages.Skip(_messages.Count - taken).Select(message => message.Stanza);
    }

    private sealed record Said(string Id, DateTimeOffset Sent, PreparedStanza Stanza)
    {
        public int Bytes { get; } = Stanza.LengthFor([]);
    }
}

/// <summary>What was said to everybody.</summary>
/// <param name="Id">Its stanza id (XEP-0359).</param>
internal sealed record SaidMessage(string Id, DateTimeOffset Sent, Element Stanza);

/// <summary>How much of the history somebody who enters wants; the most restrictive counts (XEP-0045 §7.2.14).</summary>
internal readonly record struct HistoryRequest(int MaxStanzas, long MaxCharacters, int? Seconds, DateTimeOffset? From)
{
    public static HistoryRequest Read(Element? x)
    {
        var history = x?.Child("history");
        return new HistoryRequest(
            Number(history, "maxstanzas") ?? int.MaxValue,
            Number(history, "maxchars") ?? int.MaxValue,
            Number(history, "seconds"),
            DateTimeOffset.TryParse(history?["since"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since) ? since : null);
    }

    public DateTimeOffset Since(DateTimeOffset now)
    {
        var since = From ?? DateTimeOffset.MinValue;
        return Seconds is { } seconds && now.AddSeconds(-seconds) > since ? now.AddSeconds(-seconds) : since;
    }

    private static int? Number(Element? history, string name) =>
        int.TryParse(history?[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
