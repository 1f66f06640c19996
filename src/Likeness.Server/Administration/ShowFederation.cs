using System.Globalization;
using Likeness.Xmpp.Server.Federation;

namespace Likeness.Server.Administration;

/// <summary>Which other servers the running server is connected with, and why not with others.</summary>
public sealed record ShowFederation : Operation
{
    protected override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var peers = context.Federation?.Read() ?? throw new OperationRefusedException(
            context.Health is null ? "No server runs on this data directory." : "This server talks to no others: it needs the setting s2s.");
        return Task.FromResult(new Answer { Lines = [.. peers.Select(Line)], Rows = [.. peers.Select(Row)] });
    }

    private static string Line(PeerStatus peer)
    {
        var line = $"{Arrow(peer.Direction),-3} {peer.Ours} {peer.Theirs}  {peer.State}";
        if (peer.Since is { } since)
        {
            line += $" since {since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}, {(peer.Tls.Length > 0 ? peer.Tls : "no TLS")}, {peer.By}, {peer.Address}";
        }

        return line + (peer.Waiting > 0 ? $", {peer.Waiting} stanzas wait" : "") + (peer.Problem.Length > 0 ? $": {peer.Problem}" : "");
    }

    private static string Arrow(string direction) => direction switch
    {
        "in" => "<--",
        "out" => "-->",
        _ => "<->",
    };

    private static Dictionary<string, string> Row(PeerStatus peer) => new()
    {
        ["ours"] = peer.Ours,
        ["theirs"] = peer.Theirs,
        ["direction"] = peer.Direction,
        ["state"] = peer.State,
        ["by"] = peer.By,
        ["tls"] = peer.Tls,
        ["address"] = peer.Address,
        ["since"] = peer.Since?.ToString("O", CultureInfo.InvariantCulture) ?? "",
        ["waiting"] = peer.Waiting.ToString(CultureInfo.InvariantCulture),
        ["problem"] = peer.Problem,
    };
}
