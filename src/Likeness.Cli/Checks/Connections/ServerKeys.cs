using System.Security;
using System.Security.Authentication;
using System.Text.RegularExpressions;

namespace Likeness.Cli.Checks.Connections;

/// <summary>What a server said when it was asked about a key that is not its own.</summary>
/// <param name="HasDialback">It says that DNS is enough for it to know another server.</param>
/// <param name="Verdict">As it is written in the answer; null: none came.</param>
internal sealed record ObservedKeys(bool HasDialback, string? Verdict);

/// <summary>Asks a chat server whether a made-up key is its own, as any server asks to which somebody says that it is this one (XEP-0220 §2.1.2).</summary>
internal static partial class ServerKeys
{
    public static async Task<ObservedKeys> Ask(Stream stream, string domain, CancellationToken cancellationToken)
    {
        var hasDialback = false;
        try
        {
            var to = SecurityElement.Escape(domain);
            await StartTls.Send(stream, $"<?xml version='1.0'?><stream:stream to='{to}' version='1.0' xmlns='jabber:server' xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams'>", cancellationToken);
            var features = await StartTls.ReadUntil(stream, ["</stream:features>", "<stream:features/>", "<stream:error"], cancellationToken);
            hasDialback = features.Contains("jabber:server:dialback", StringComparison.Ordinal) || features.Contains("urn:xmpp:features:dialback", StringComparison.Ordinal);
            await StartTls.Send(stream, $"<db:verify from='check.invalid' to='{to}' id='check'>{new string('0', 64)}</db:verify>", cancellationToken);
            var answer = await StartTls.ReadUntil(stream, ["verify", "<stream:error"], cancellationToken);
            return new ObservedKeys(hasDialback, Verdict().Match(answer) is { Success: true } found ? found.Groups["type"].Value : null);
        }
        catch (Exception over) when (over is IOException or AuthenticationException or OperationCanceledException)
        {
            return new ObservedKeys(hasDialback, null);
        }
    }

    [GeneratedRegex("""<(?:\w+:)?verify\b[^>]*\btype=["'](?<type>\w+)["']""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verdict();
}

/// <summary>Whether other servers can find out that the domain's server is who it says (XEP-0220), and nobody else is.</summary>
internal sealed class ServerKeysCheck : IConnectionCheck
{
    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        switch (connection.Handshake?.Keys)
        {
            case null:
                break;
            case { Verdict: "invalid" }:
                yield return Finding.Ok("s2s-keys", connection.Subject, "It answers other servers that ask about its keys (dialback).");
                break;
            case { Verdict: "valid" }:
                yield return Finding.Wrong("s2s-keys-any", connection.Subject, "It calls a made-up key its own: anybody can send in the name of the domain.", "Update or replace the server; until then other servers should want certificates.");
                break;
            case { HasDialback: true }:
                yield return Finding.Warning("s2s-keys-none", connection.Subject, "It announces dialback and does not say whether a key is its own: servers without a look at certificates do not believe it.", "Look into its log for check.invalid; a list of allowed servers explains it.");
                break;
            default:
                yield return Finding.Ok("s2s-certificates", connection.Subject, "It knows other servers by their certificates only.");
                break;
        }
    }
}
