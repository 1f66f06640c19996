using System.Diagnostics.Metrics;

namespace Likeness.Beside;

/// <summary>What is measured beside chat servers; each measurement says which server it is of.</summary>
public sealed class BesideMeter : IDisposable
{
    public const string Name = "Likeness.Beside";

    private readonly Meter _meter = new(Name);

    public BesideMeter(IReadOnlyList<BesideServer> servers)
    {
        _meter.CreateObservableGauge("likeness.beside.connected", () => servers.Select(server => Of(server, server.Health.Works ? 1L : 0)), description: "1 for a chat server that is connected.");
        _meter.CreateObservableGauge(
            "likeness.beside.granted",
            () => servers.SelectMany(server => server.Rights.Select(right => Of(server, right.IsGranted ? 1L : 0, new("domain", right.Domain), new("right", right.Name)))),
            description: "1 for what a domain grants (presence, read, write, configure).");
        _meter.CreateObservableGauge(
            "likeness.beside.accounts",
            () => servers.SelectMany(server => server.Census.Select(count => Of(server, count.Accounts, new KeyValuePair<string, object?>("state", count.State.ToString().ToLowerInvariant())))),
            description: "Accounts by state, counted every five minutes.");
        _meter.CreateObservableGauge("likeness.beside.waiting", () => servers.Select(server => Of(server, server.Waiting)), description: "Accounts that are to be looked at or written.");
        _meter.CreateObservableGauge("likeness.beside.unwritten", () => servers.Select(server => Of(server, server.Backlog.Count)), description: "Portraits that were changed here and were not in chats when it was looked last.");
        _meter.CreateObservableGauge("likeness.beside.unwritten.age", () => servers.Select(server => Of(server, (long)server.Backlog.Age.TotalSeconds)), "s", "For how long there have been such portraits without a break.");
        _meter.CreateObservableCounter(
            "likeness.beside.acts",
            () => servers.SelectMany(server => server.Counters.All.Select(act => Of(server, act.Value, new KeyValuePair<string, object?>("act", act.Key)))),
            description: "What was done beside a chat server, by act (events, presences, reads, fetches, changes, removals, writes, failures, echoes, conflicts).");
    }

    public void Dispose() => _meter.Dispose();

    private static Measurement<long> Of(BesideServer server, long value, params KeyValuePair<string, object?>[] tags) => new(value, [new("server", server.Options.Name), .. tags]);
}
