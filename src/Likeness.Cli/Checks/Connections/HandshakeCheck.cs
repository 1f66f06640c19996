using System.Security.Authentication;

namespace Likeness.Cli.Checks.Connections;

/// <summary>Whether TLS comes about, in a version of today.</summary>
internal sealed class HandshakeCheck : IConnectionCheck
{
    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        if (connection.Handshake is not { } handshake)
        {
            yield break;
        }

        if (handshake.Failure is { } failure)
        {
            yield return Finding.Wrong("tls-failed", connection.Subject, $"TLS does not come about: {failure}", connection.ChatDomain is null ? "The port of the record for https has to speak TLS 1.2 or 1.3 from the first byte." : "The chat server has to offer TLS 1.2 or 1.3 there.");
        }
        else if (handshake.Protocol is SslProtocols.Tls12 or SslProtocols.Tls13)
        {
            yield return Finding.Ok("tls-version", connection.Subject, handshake.Protocol == SslProtocols.Tls13 ? "TLS 1.3." : "TLS 1.2.");
        }
        else
        {
            yield return Finding.Wrong("tls-old", connection.Subject, "The version of TLS is out of use; browsers refuse it.", "Switch on TLS 1.2 and 1.3.");
        }
    }
}
