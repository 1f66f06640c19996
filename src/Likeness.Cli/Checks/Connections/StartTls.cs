using System.Security;
using System.Text;

namespace Likeness.Cli.Checks.Connections;

/// <summary>Asks a chat server for TLS (RFC 6120 §5.4).</summary>
internal static class StartTls
{
    private const int MaxAnswer = 16 * 1024;

    /// <summary>Null: TLS may begin. Otherwise why it does not.</summary>
    public static async Task<string?> Ask(Stream stream, string domain, bool isServer, CancellationToken cancellationToken)
    {
        await Send(stream, $"<?xml version='1.0'?><stream:stream to='{SecurityElement.Escape(domain)}' version='1.0' xmlns='jabber:{(isServer ? "server" : "client")}' xmlns:stream='http://etherx.jabber.org/streams'>", cancellationToken);
        var features = await ReadUntil(stream, ["</stream:features>", "<stream:features/>", "<stream:error"], cancellationToken);
        if (features.Contains("<stream:error", StringComparison.Ordinal))
        {
            return features.Contains("host-unknown", StringComparison.Ordinal) ? $"the server does not know {domain}." : "the server refuses the stream.";
        }

        if (!features.Contains("urn:ietf:params:xml:ns:xmpp-tls", StringComparison.Ordinal))
        {
            return features.Contains("<stream:", StringComparison.Ordinal) ? "the server does not offer STARTTLS." : "it is no chat server.";
        }

        await Send(stream, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", cancellationToken);
        return (await ReadUntil(stream, ["<proceed", "<failure", "<stream:error"], cancellationToken)).Contains("<proceed", StringComparison.Ordinal) ? null : "the server offers STARTTLS and then refuses it.";
    }

    internal static Task Send(Stream stream, string text, CancellationToken cancellationToken) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken).AsTask();

    /// <summary>What came until the end of a tag with one of the texts, or until the end; never a byte behind the tag, which belongs to TLS.</summary>
    internal static async Task<string> ReadUntil(Stream stream, string[] ends, CancellationToken cancellationToken)
    {
        var read = new StringBuilder();
        var one = new byte[1];
        while (read.Length < MaxAnswer && await stream.ReadAsync(one, cancellationToken) == 1)
        {
            read.Append((char)one[0]);
            if (one[0] == '>' && read.ToString() is var text && Array.Exists(ends, end => text.Contains(end, StringComparison.Ordinal)))
            {
                break;
            }
        }

        return read.ToString();
    }
}
