using System.Security.Authentication;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>How it is between a domain of ours and another one.</summary>
/// <param name="Ours">A domain of this server.</param>
/// <param name="Theirs">The other one.</param>
/// <param name="Direction"><c>out</c>: we send over it; <c>in</c>: they do; <c>both</c>.</param>
/// <param name="State"><c>connected</c>, <c>connecting</c>, <c>waiting</c> (to be tried again) or <c>idle</c>.</param>
/// <param name="By">How the other side is known to be who it says: <c>EXTERNAL</c>, <c>certificate</c> or <c>dialback</c>; of a stream that we began, how it knows us. Empty: not connected.</param>
/// <param name="Tls">Version; empty: not connected, or none.</param>
/// <param name="Address">Of the other server; empty: not connected.</param>
/// <param name="Since">When the stream was opened; null: not connected.</param>
/// <param name="Waiting">Stanzas that wait for a stream.</param>
/// <param name="Problem">Why the last attempt failed; empty: it did not.</param>
public sealed record PeerStatus(
    string Ours, string Theirs, string Direction, string State, string By, string Tls, string Address, DateTimeOffset? Since, int Waiting, string Problem);

/// <summary>Who is connected, for operators and for those who measure.</summary>
public sealed class FederationStatus
{
    private readonly Peers _peers;

    internal FederationStatus(Peers peers) => _peers = peers;

    /// <summary>Servers that are connected, in whatever direction.</summary>
    public int Streams => _peers.OpenStreams.Count(stream => stream.Session is not null);

    /// <summary>Stanzas that wait for a stream.</summary>
    public int Waiting => _peers.Links.Sum(link => link.State.WaitingStanzas);

    /// <summary>Pairs of domains that cannot be connected just now.</summary>
    public int Unreachable => _peers.Links.Count(link => link.State.IsPaused);

    /// <summary>By their domains, then ours.</summary>
    public IReadOnlyList<PeerStatus> Read()
    {
        var all = _peers.Links.Select(Of).ToList();
        var both = all.Where(link => link.Direction == "both").Select(link => (link.Theirs, link.Ours)).ToHashSet();
        foreach (var stream in _peers.OpenStreams.OfType<IncomingStream>())
        {
            all.AddRange(stream.Verified.All.Where(pair => !both.Contains((pair.From, pair.To))).Select(pair =>
                new PeerStatus(pair.To, pair.From, "in", "connected", stream.AuthenticatedBy ?? "", Tls(stream), stream.Address.ToString(), stream.Since, 0, "")));
        }

        return [.. all.OrderBy(one => one.Theirs, StringComparer.Ordinal).ThenBy(one => one.Ours, StringComparer.Ordinal).ThenBy(one => one.Direction, StringComparer.Ordinal)];
    }

    private static PeerStatus Of(RemoteLink link)
    {
        var state = link.State;
        var name = state.Stream is not null ? "connected" : state.IsConnecting ? "connecting" : state.IsPaused ? "waiting" : "idle";
        return new PeerStatus(
            link.Pair.From,
            link.Pair.To,
            state.Stream is { IsBidirectional: true } ? "both" : "out",
            name,
            state.Stream?.AuthenticatedBy ?? "",
            state.Stream is { } stream ? Tls(stream) : "",
            state.Stream?.Address.ToString() ?? "",
            state.Stream?.Since,
            state.WaitingStanzas,
            state.Problem ?? "");
    }

    private static string Tls(PeerStream stream) => stream.Tls?.Tls.SslProtocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        _ => "",
    };
}
