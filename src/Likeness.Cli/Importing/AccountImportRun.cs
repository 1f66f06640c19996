using System.Globalization;
using Likeness.Server;
using Likeness.Server.Administration.Bulk;
using Likeness.Server.Control;
using Likeness.Xmpp;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Importing;

/// <summary>Carries out an import of accounts: each by itself, its parts in the order in which they build on each other, its messages last. It can be repeated, and goes on where it ended.</summary>
internal sealed class AccountImportRun(Administrator administrator, Terminal terminal, bool isDryRun, bool isJson)
{
    private const int MaxMessages = 500;
    private const int MaxCharacters = 4 * 1024 * 1024;

    // What is published comes behind how its node is to be, pictures of a vCard before those of PEP.
    private static readonly (string Name, string Namespace, string Words)[] Order =
    [
        ("query", Ns.Roster, "contacts"), ("presence", Ns.Client, "requests"), ("vCard", Ns.VCard, "vCard"), ("query", Ns.PrivateStorage, "private elements"),
        ("query", "jabber:iq:privacy", "blocked"), ("blocklist", Ns.Blocking, "blocked"), ("pubsub", Ns.PubSubOwner, "nodes"), ("pubsub", Ns.PubSub, "items"),
    ];

    private readonly Dictionary<string, int> _counts = [];

    public async Task<int> Run(IEnumerable<string> files, string? domain, CancellationToken cancellationToken)
    {
        foreach (var account in files.SelectMany(ServerExport.Read))
        {
            using (account)
            {
                if (account.Address.Length == 0)
                {
                    await Said("", "refused", new Dictionary<string, long>(), account.Problems);
                }
                else if (domain is null || account.Address.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase))
                {
                    await Import(account, cancellationToken);
                }
            }
        }

        if (!isJson)
        {
            var done = isDryRun ? "Would be: " : "";
            await terminal.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{done}{Count("imported")} accounts imported, {Count("continued")} continued, {Count("unchanged")} unchanged, {Count("refused")} refused."));
        }

        return Count("refused") == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    private async Task Import(ExportedAccount exported, CancellationToken cancellationToken)
    {
        var taken = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var problems = exported.Problems;
        try
        {
            var (password, keys) = ExportedPassword.Read(exported);
            var known = await administrator.Run(new ImportAccount(exported.Address, password, keys, isDryRun), cancellationToken);
            problems.AddRange(known.Lines ?? []);
            if (known.Text != "whole")
            {
                await TakeParts(exported, taken, problems, cancellationToken);
            }

            var row = known.Rows![0];
            await TakeMessages(exported, exported.Archive, waiting: false, Position("archived"), taken, problems, cancellationToken);
            await TakeMessages(exported, exported.Waiting, waiting: true, Position("waiting"), taken, problems, cancellationToken);
            await Said(exported.Address, known.Text switch { "new" => "imported", "unfinished" => "continued", _ => taken.Values.Sum() > 0 ? "continued" : "unchanged" }, taken, problems);

            long Position(string name) => long.Parse(row[name], CultureInfo.InvariantCulture);
        }
        catch (OperationRefusedException refusal)
        {
            await Said(exported.Address, "refused", taken, [refusal.Message, .. problems]);
        }
    }

    private async Task TakeParts(ExportedAccount exported, SortedDictionary<string, long> taken, List<string> problems, CancellationToken cancellationToken)
    {
        foreach (var part in exported.Parts.OrderBy(Rank).SelectMany(Pieces))
        {
            var rank = Rank(part);
            var words = rank < Order.Length ? Order[rank].Words : "others";
            try
            {
                var answer = await administrator.Run(new ImportPart(exported.Address, ElementWriter.ToText(part), isDryRun), cancellationToken);
                taken[words] = taken.GetValueOrDefault(words) + answer.Count;
                problems.AddRange(answer.Lines ?? []);
            }
            catch (OperationRefusedException refusal)
            {
                problems.Add($"<{part.Name}/>: {refusal.Message}");
            }
        }

        if (!isDryRun)
        {
            await administrator.Run(new ImportPart(exported.Address, null), cancellationToken);
        }
    }

    private async Task TakeMessages(
        ExportedAccount exported, MessageSpool spool, bool waiting, long position, SortedDictionary<string, long> taken, List<string> problems, CancellationToken cancellationToken)
    {
        var words = waiting ? "waiting" : "messages";
        if (isDryRun)
        {
            taken[words] = Math.Max(0, spool.Count - position);
            return;
        }

        foreach (var (at, xml) in spool.Pages(position, MaxMessages, MaxCharacters))
        {
            var answer = await administrator.Run(new ImportMessages(exported.Address, waiting, at, xml), cancellationToken);
            taken[words] = taken.GetValueOrDefault(words) + answer.Count;
            problems.AddRange(answer.Lines ?? []);
            if (answer.Text == "over")
            {
                break;
            }
        }
    }

    private static int Rank(Element part)
    {
        var rank = Array.FindIndex(Order, known => part.Is(known.Name, known.Namespace));
        return rank < 0 ? Order.Length : rank;
    }

    // Items one node after the other, and no more at once than fit into a request.
    private static IEnumerable<Element> Pieces(Element part)
    {
        if (!part.Is("pubsub", Ns.PubSub))
        {
            return [part];
        }

        return part.Where(items => items.Name == "items").OrderBy(items => items["node"] == Ns.AvatarMetadata).SelectMany(items => Pages(items).Select(page =>
            new Element("pubsub", Ns.PubSub).Add(page.Aggregate(new Element("items", Ns.PubSub).Set("node", items["node"]), (all, item) => all.Add(item)))));
    }

    private static IEnumerable<List<Element>> Pages(Element items)
    {
        var (page, characters) = (new List<Element>(), 0);
        foreach (var item in items)
        {
            var length = ElementWriter.ToText(item).Length;
            if (page.Count > 0 && characters + length > MaxCharacters)
            {
                yield return page;
                (page, characters) = ([], 0);
            }

            page.Add(item);
            characters += length;
        }

        if (page.Count > 0)
        {
            yield return page;
        }
    }

    private async Task Said(string address, string action, IReadOnlyDictionary<string, long> taken, List<string> problems)
    {
        _counts[action] = Count(action) + 1;
        var told = problems.GroupBy(problem => problem).Select(same => same.Count() == 1 ? same.Key : string.Create(CultureInfo.InvariantCulture, $"{same.Key} ({same.Count()} times)")).ToArray();
        if (isJson)
        {
            var row = new Dictionary<string, string> { ["action"] = action, ["account"] = address };
            foreach (var (name, count) in taken)
            {
                row[name] = count.ToString(CultureInfo.InvariantCulture);
            }

            row["problems"] = string.Join('\n', told);
            await terminal.Out.WriteLineAsync(JsonOption.Line(row));
            return;
        }

        if (action is not ("refused" or "unchanged"))
        {
            var counts = taken.Where(one => one.Value > 0).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Value} {one.Key}"));
            await terminal.Out.WriteLineAsync($"{action,-9}  {address}  {string.Join(", ", counts)}".TrimEnd());
        }

        foreach (var problem in told)
        {
            await terminal.Error.WriteLineAsync(address.Length > 0 ? $"{address}: {problem}" : problem);
        }
    }

    private int Count(string action) => _counts.GetValueOrDefault(action);
}

/// <summary>The password of an export, or what ejabberd writes in its place: <c>scram:</c> and keys.</summary>
internal static class ExportedPassword
{
    public static (string? Password, IReadOnlyList<ImportedKeys> Keys) Read(ExportedAccount account)
    {
        if (account.Password is not { Length: > 0 } text)
        {
            return (null, account.Keys);
        }

        if (!text.StartsWith("scram:", StringComparison.Ordinal))
        {
            return (text, account.Keys);
        }

        var parts = text["scram:".Length..].Split(',');
        var mechanism = parts is ["sha256", ..] ? "SCRAM-SHA-256" : "SCRAM-SHA-1";
        return (parts.Length == 5 && parts[0] is "sha256" ? parts[1..] : parts) is [var stored, var server, var salt, var count] && int.TryParse(count, CultureInfo.InvariantCulture, out var iterations)
            ? (null, [.. account.Keys, new ImportedKeys(mechanism, iterations, salt, stored, server)])
            : (null, account.Keys);
    }
}
