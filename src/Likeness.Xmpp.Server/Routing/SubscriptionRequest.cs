using System.Text;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>What is kept of a subscription request. RFC 6121 §3.1.3 keeps it whole; a stranger's may not cost its addressee more than this.</summary>
internal static class SubscriptionRequest
{
    private const int MaxBytes = 4096;
    private const int MaxCharacters = 512;
    private const string Nick = "http://jabber.org/protocol/nick";

    /// <summary>The request as its addressee gets it: whole while it is short, else who asks, under which nickname, and the beginning of the words.</summary>
    public static Element Bounded(Element request)
    {
        if (Encoding.UTF8.GetByteCount(request.ToString()) <= MaxBytes)
        {
            return request;
        }

        var bounded = Bare(request);
        foreach (var (name, ns) in new[] { ("status", Ns.Client), ("nick", Nick) })
        {
            if (request.Child(name, ns)?.Text() is { Length: > 0 } text)
            {
                bounded.Add(new Element(name, ns).Add(Cut(text)));
            }
        }

        return bounded;
    }

    /// <summary>The text to keep until the request is answered; null when the account has as many requests as it may have.</summary>
    public static string? ToKeep(Element request, RosterSize size, XmppServerOptions options)
    {
        if (size.Pending >= options.MaxPendingRequests)
        {
            return null;
        }

        var text = request.ToString();
        return size.PendingBytes + Encoding.UTF8.GetByteCount(text) <= options.MaxPendingBytes ? text : Bare(request).ToString();
    }

    private static Element Bare(Element request) =>
        new Element(request.Name, request.Namespace).Set("from", request["from"]).Set("to", request["to"]).Set("type", request["type"]);

    private static string Cut(string text)
    {
        if (text.Length <= MaxCharacters)
        {
            return text;
        }

        // Never between the two halves of one character.
        var length = char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters;
        return text[..length] + "…";
    }
}
