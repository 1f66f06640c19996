using System.Globalization;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>After a change of the setting <c>plus-tags</c>, or of how this program makes hashes, gives every address the hashes it has now; in the background, a person at a time. Cut short, it begins anew.</summary>
internal sealed partial class PlusTagIndex(IStores stores, AddressBook addresses, DomainPolicies policies, TimeProvider time, ILogger<PlusTagIndex> log)
    : BackgroundTask("indexing addresses by their plus tags", time, log)
{
    private const string Kind = "plus-tags";

    // Counts how hashes are made of an address: 2 since international domains answer in both spellings.
    private const string Making = "hashes 2\n";
    private const int PageSize = 500;

    // Many at once, so that a commit is not paid for each.
    private const int AtOnce = 64;
    private const int TellEvery = 10_000;
    private static readonly Identity Nobody = new("");

    /// <summary>Completes when the index is as the settings say.</summary>
    public async Task<long> Renew(CancellationToken cancellationToken)
    {
        var (wanted, had) = (Making + Tags(), (await stores.Documents.Find(Nobody, Kind, "", cancellationToken))?.Content ?? "");
        if (had == wanted)
        {
            return 0;
        }

        // Where the tags are the same, only international addresses have other hashes than before.
        var all = had.Replace(Making, "", StringComparison.Ordinal) != Tags();
        var (done, after) = (0L, (Identity?)null);
        while (await stores.Bulk.People(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            if (after is null)
            {
                Log.Started(log);
            }

            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = AtOnce },
                async (person, stop) => await Renew(person, all, stop));
            after = page[^1];
            done += page.Count;
            if (done % TellEvery < page.Count)
            {
                Log.Progress(log, done);
            }
        }

        addresses.Forget();
        await stores.Documents.Save(new AccountDocument(Nobody, Kind, "", wanted), cancellationToken);
        if (done > 0)
        {
            Log.Finished(log, done);
        }

        return done;
    }

    protected override Task Run(CancellationToken stoppingToken) => Renew(stoppingToken);

    private async Task Renew(Identity person, bool all, CancellationToken cancellationToken)
    {
        foreach (var text in await addresses.Of(person, cancellationToken))
        {
            var address = Address.Parse(text);
            if (!all && address is not { Kind: AddressKind.Email, Hashes.Length: > 2 })
            {
                continue;
            }

            var hashes = await addresses.HashesOf(person, address, cancellationToken);
            await stores.Bulk.Rehash(person, text, hashes, cancellationToken);
        }
    }

    /// <summary><c>example.org: github lists</c>, a line for each domain that has any; in the order of their names.</summary>
    private string Tags() => string.Join(
        '\n',
        policies.All.Where(policy => policy.PlusTags.Listed.Count > 0)
            .OrderBy(policy => policy.Domain, StringComparer.Ordinal)
            .Select(policy => string.Create(CultureInfo.InvariantCulture, $"{policy.Domain}: {string.Join(' ', policy.PlusTags.Listed.Order(StringComparer.Ordinal))}")));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "By which hashes people are found has changed; their addresses are indexed anew")]
        public static partial void Started(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Addresses of {People} people are indexed anew")]
        public static partial void Progress(ILogger logger, long people);

        [LoggerMessage(3, LogLevel.Information, "The addresses of all {People} people are indexed anew")]
        public static partial void Finished(ILogger logger, long people);
    }
}
