using System.Net.Sockets;

namespace Likeness.Cli.Checks.Connections;

/// <summary>Whether the address accepts connections.</summary>
internal sealed class OpenPortCheck : IConnectionCheck
{
    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        yield return connection.Failure switch
        {
            null => Finding.Ok("tcp-open", connection.Subject, "It accepts connections."),
            SocketError.NetworkUnreachable or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable when connection.EndPoint.AddressFamily == AddressFamily.InterNetworkV6 =>
                Finding.Warning("tcp-no-ipv6-here", connection.Subject, "This machine has no IPv6; the address was not checked.", "Check from a machine that has."),
            SocketError.ConnectionRefused =>
                Finding.Wrong("tcp-closed", connection.Subject, "Nothing listens there.", "Start the server, or correct the port in the SRV record or the address in DNS."),
            SocketError.TimedOut =>
                Finding.Wrong("tcp-silent", connection.Subject, "There is no answer.", "Look at the firewall and at the address in DNS."),
            _ => Finding.Wrong("tcp-failed", connection.Subject, $"It cannot be reached ({connection.Failure}).", "Look at the address in DNS and at the route to it."),
        };
    }
}
