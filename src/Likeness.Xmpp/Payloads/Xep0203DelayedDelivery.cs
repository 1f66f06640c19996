using System.Globalization;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>XEP-0203 Delayed Delivery: when something was really sent.</summary>
public static class Xep0203DelayedDelivery
{
    /// <param name="from">Who held it back.</param>
    public static Element Stamp(DateTimeOffset time, string from) => new Element("delay", Ns.Delay)
        .Set("from", from)
        .Set("stamp", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    /// <summary>The time of the stamp in this stanza (XEP-0082), or null.</summary>
    public static DateTimeOffset? Read(Element stanza) =>
        DateTimeOffset.TryParse(stanza.Child("delay", Ns.Delay)?["stamp"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : null;
}
