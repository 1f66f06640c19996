using System.Globalization;
using Likeness.Beside;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>How it stands beside the chat servers.</summary>
public sealed record ShowBeside : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var rows = new List<Dictionary<string, string>>();
        foreach (var server in BesideSelection.All(context))
        {
            var status = await server.Status(cancellationToken);
            lines.AddRange(Lines(status));
            rows.Add(Row(status));
        }

        return new Answer { Lines = lines, Rows = rows };
    }

    private static IEnumerable<string> Lines(BesideStatus status)
    {
        var options = status.Options;
        yield return $"{options.Place} as {options.Name}: " + (status.ConnectedSince is { } since
            ? $"connected since {since.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}"
            : $"not connected. {status.Problem ?? "It has not been tried yet."}");
        foreach (var domain in options.Domains)
        {
            yield return $"  {domain}: {status.Ways[domain]}; granted: {status.Grants[domain]}";
        }

        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"  accounts {status.All}: {status.Of(BesideState.Shown)} with avatar, {status.Of(BesideState.Empty)} without, {status.Of(BesideState.Unknown)} unknown, {status.Of(BesideState.Refused)} refused, {status.Of(BesideState.Parked)} parked, {status.Of(BesideState.Gone)} gone");
        yield return string.Create(CultureInfo.InvariantCulture, $"  looked at in this sweep: {status.Looked} of {status.All}, {status.Rate:0.#} in a second at most")
            + (status.Looked < status.All ? $", {status.Remaining:hh\\:mm\\:ss} left" : "");
        yield return string.Create(CultureInfo.InvariantCulture, $"  to be brought to chats: {status.Unwritten}; heard of and not looked at: {status.Waiting}; in chats now: {status.Online}");
    }

    private static Dictionary<string, string> Row(BesideStatus status)
    {
        var row = new Dictionary<string, string>
        {
            ["server"] = status.Options.Place,
            ["name"] = status.Options.Name,
            ["domains"] = string.Join(' ', status.Options.Domains),
            ["connected"] = status.ConnectedSince is null ? "no" : "yes",
            ["since"] = status.ConnectedSince?.ToString("O", CultureInfo.InvariantCulture) ?? "",
            ["problem"] = status.Problem ?? "",
            ["granted"] = string.Join("; ", status.Grants.Select(grant => $"{grant.Key}: {grant.Value}")),
            ["ways"] = string.Join("; ", status.Ways.Select(way => $"{way.Key}: {way.Value}")),
            ["accounts"] = Text(status.All),
            ["done"] = Text(status.Looked),
            ["rate"] = status.Rate.ToString("0.#", CultureInfo.InvariantCulture),
            ["remaining"] = Text((long)status.Remaining.TotalSeconds),
            ["waiting"] = Text(status.Waiting),
            ["unwritten"] = Text(status.Unwritten),
            ["online"] = Text(status.Online),
            ["ignored"] = Text(status.Ignored),
        };
        foreach (var state in Enum.GetValues<BesideState>())
        {
            row[state.ToString().ToLowerInvariant()] = Text(status.Of(state));
        }

        foreach (var (name, value) in status.Counters)
        {
            row[name] = Text(value);
        }

        return row;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What is missing beside the chat servers; the count is of what is wrong.</summary>
public sealed record CheckBeside : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var rows = new List<Dictionary<string, string>>();
        foreach (var server in BesideSelection.All(context))
        {
            rows.AddRange((await server.Check(cancellationToken)).Select(finding => new Dictionary<string, string>
            {
                ["id"] = finding.Id,
                ["level"] = finding.Level,
                ["subject"] = finding.Subject,
                ["text"] = finding.Text,
                ["advice"] = finding.Advice ?? "",
                ["lines"] = finding.Lines ?? "",
            }));
        }

        return new Answer { Rows = rows, Count = rows.Count(row => row["level"] == "wrong") };
    }
}

/// <summary>Looks at every account anew.</summary>
/// <param name="DryRun">Says how many there are and does nothing.</param>
public sealed record SyncBeside(bool DryRun = false) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var all = 0;
        foreach (var server in BesideSelection.All(context))
        {
            var before = await server.Status(cancellationToken);
            var accounts = DryRun ? before.All : await server.LookAtAll(cancellationToken);
            var time = TimeSpan.FromSeconds(Math.Ceiling(accounts / before.Rate));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{server.Options.Name}: {accounts} accounts {(DryRun ? "would be" : "are")} looked at, in about {time:hh\\:mm\\:ss}; portraits to be brought to chats: {before.Unwritten}"));
            all += accounts;
        }

        return new Answer { Lines = lines, Count = all, Rows = [new Dictionary<string, string> { ["accounts"] = all.ToString(CultureInfo.InvariantCulture), ["dryRun"] = DryRun ? "yes" : "no" }] };
    }
}

/// <summary>Tells which accounts there are.</summary>
/// <param name="Accounts">All of one server, one in an entry: with their domain, or names of its only one.</param>
public sealed record ListBesideAccounts(IReadOnlyList<string> Accounts) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var servers = BesideSelection.All(context);
        var domains = Accounts.Select(account => account[(account.LastIndexOf('@') + 1)..].Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var server = servers.FirstOrDefault(one => one.Options.Domains.Any(domains.Contains)) ?? servers[0];
        try
        {
            var result = await server.Take(Accounts, cancellationToken);
            return new Answer
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"{result.Listed} accounts, {result.New} of them new; {result.Missing} known ones are missing, {result.Gone} of them for the second time, whose portraits are hidden now."),
                Count = result.Listed,
            };
        }
        catch (AccountListRefusedException refused)
        {
            throw new OperationRefusedException(refused.Message, refused);
        }
    }
}

internal static class BesideSelection
{
    public static IReadOnlyList<BesideServer> All(OperationContext context) => context.Beside is { Count: > 0 } servers
        ? servers
        : throw new OperationRefusedException(context.Health is null ? "No server runs on this data directory." : "This server stands beside no other: it needs the setting beside.");
}
