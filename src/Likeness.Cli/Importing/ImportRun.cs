using System.Collections.Concurrent;
using System.Globalization;
using Likeness.Server;
using Likeness.Server.Administration;
using Likeness.Server.Administration.Bulk;
using Likeness.Server.Control;

namespace Likeness.Cli.Importing;

/// <summary>Carries out an import, a page at a time: asks what is to be done, then does it, one request for each picture. What fails is told at the end; the rest is imported.</summary>
internal sealed class ImportRun(Administrator administrator, ImportSettings settings, Terminal terminal) : IDisposable
{
    private const int PageSize = 200;
    private readonly ConcurrentDictionary<ImportAction, int> _counts = new();
    private readonly ConcurrentQueue<string> _problems = new();
    private readonly SemaphoreSlim _saying = new(1);

    public async Task<int> Run(IEnumerable<ImportItem> items, long total, CancellationToken cancellationToken)
    {
        if (settings.DryRun)
        {
            // Each decision is a line: those are progress enough.
            await RunPages(items, _ => { }, cancellationToken);
        }
        else
        {
            await Progress.Show(terminal, "Importing", total, advance => RunPages(items, advance, cancellationToken));
        }

        await Summarise();
        return Count(ImportAction.Refused) == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    public void Dispose() => _saying.Dispose();

    private async Task RunPages(IEnumerable<ImportItem> items, Action<long> advance, CancellationToken cancellationToken)
    {
        foreach (var page in items.Chunk(PageSize))
        {
            await RunPage(page, cancellationToken);
            advance(page.Length);
        }
    }

    private async Task RunPage(ImportItem[] page, CancellationToken cancellationToken)
    {
        foreach (var item in page.Where(item => item.Problem is not null))
        {
            await Decided(item, ImportAction.Refused, item.Problem);
        }

        ImportItem[] usable = [.. page.Where(item => item.Problem is null)];
        PlannedImport[] planned = [.. usable.Select(item => new PlannedImport(item.Address, item.Owner, item.Hash))];
        var plan = new PlanImport(planned, settings.TrustAddresses, settings.Again, settings.Owner);
        var work = new List<(ImportItem Item, ImportAction Action)>();
        foreach (var (item, decision) in usable.Zip((await administrator.Run(plan, cancellationToken)).Decisions!))
        {
            if (decision.Action is ImportAction.Unchanged or ImportAction.Refused || (settings.DryRun && decision.Action != ImportAction.SetPicture))
            {
                await Decided(item, decision.Action, decision.Reason);
            }
            else if (settings.DryRun)
            {
                // What is in the file decides too, and the lines are in the order of the files.
                await Carry(item, decision.Action, cancellationToken);
            }
            else
            {
                work.Add((item, decision.Action));
            }
        }

        await Parallel.ForEachAsync(
            work.Where(one => one.Action == ImportAction.SetPicture), cancellationToken, async (one, stop) => await Carry(one.Item, one.Action, stop));

        // In the order of the file, which is the order people read them in.
        foreach (var (item, action) in work.Where(one => one.Action != ImportAction.SetPicture))
        {
            await Carry(item, action, cancellationToken);
        }
    }

    private async Task Carry(ImportItem item, ImportAction action, CancellationToken cancellationToken)
    {
        try
        {
            Operation operation = action == ImportAction.SetPicture
                ? new ImportPicture(item.Address, item.Owner, await item.Read!(cancellationToken), item.Source, settings.TrustAddresses, settings.DryRun)
                : new AddAddress(item.Owner ?? item.Address, item.Address, settings.TrustAddresses);
            await administrator.Run(operation, cancellationToken);
            await Decided(item, action, null);
        }
        catch (Exception exception) when (exception is OperationRefusedException or IOException or UnauthorizedAccessException)
        {
            await Decided(item, ImportAction.Refused, exception.Message);
        }
    }

    private async Task Decided(ImportItem item, ImportAction action, string? reason)
    {
        _counts.AddOrUpdate(action, 1, (_, count) => count + 1);
        if (settings.Json)
        {
            await SayJson(item, action, reason);
        }
        else if (action == ImportAction.Refused)
        {
            _problems.Enqueue($"{item.Source}: {reason}");
        }
        else if (settings.DryRun)
        {
            await terminal.Out.WriteLineAsync($"{Word(action)}  {item.Address}  {item.Source}");
        }
    }

    private async Task SayJson(ImportItem item, ImportAction action, string? reason)
    {
        var row = new Dictionary<string, string> { ["action"] = Word(action).TrimEnd(), ["source"] = item.Source };
        foreach (var (name, value) in new[] { ("address", item.Address), ("reason", reason) })
        {
            if (!string.IsNullOrEmpty(value))
            {
                row[name] = value;
            }
        }

        await _saying.WaitAsync();
        try
        {
            await terminal.Out.WriteLineAsync(JsonOption.Line(row));
        }
        finally
        {
            _saying.Release();
        }
    }

    private async Task Summarise()
    {
        if (settings.Json)
        {
            return;
        }

        foreach (var problem in _problems.Order(StringComparer.Ordinal))
        {
            await terminal.Error.WriteLineAsync(problem);
        }

        await terminal.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{(settings.DryRun ? "Would be: " : "")}{Count(ImportAction.SetPicture)} pictures set, {Count(ImportAction.AddAddress)} addresses added, {Count(ImportAction.Unchanged)} unchanged, {Count(ImportAction.Refused)} refused."));
    }

    private static string Word(ImportAction action) => action switch
    {
        ImportAction.SetPicture => "set      ",
        ImportAction.AddAddress => "add      ",
        ImportAction.Refused => "refused  ",
        _ => "unchanged",
    };

    private int Count(ImportAction action) => _counts.GetValueOrDefault(action);
}

/// <summary>What an operator said about an import.</summary>
internal sealed record ImportSettings(bool DryRun, bool TrustAddresses, bool Again, string? Owner, bool Json);
