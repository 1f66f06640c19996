using System.Globalization;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>After a change of the setting <c>plus-tags</c>, gives every address the hashes it has now; in the background, a person at a time. Cut short, it begins anew.</summary>
internal sealed partial class PlusTagIndex(IStores stores, AddressBook addresses, DomainPolicies policies, TimeProvider time, ILogger<PlusTagIndex> log)
    : BackgroundTask("indexing addresses by their plus tags", time, log)
{
    private const string Kind = "plus-tags";
    private const int PageSize = 500;

    // Many at once, so that a commit is not paid for each.
    private const int AtOnce = 64;
    private const int TellEvery = 10_000;
    private static readonly Identity Nobody = new("");

    /// <summary>Completes when the index is as the settings say.</summary>
    public async Task<long> Renew(CancellationToken cancellationToken)
    {
        var wanted = Described();
        if (((await stores.Documents.Find(Nobody, Kind, "", cancellationToken))?.Content ?? "") == wanted)
        {
            return 0;
        }

        Log.Started(log, wanted);
        var (done, after) = (0L, (Identity?)null);
        while (await stores.Bulk.People(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            await Parallel.ForEachAsync(
                page,
                new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = AtOnce },
                async (person, stop) => await Renew(person, stop));
            after = page[^1];
            done += page.Count;
            if (done % TellEvery < page.Count)
            {
                Log.Progress(log, done);
            }
        }

        addresses.Forget();
        await stores.Documents.Save(new AccountDocument(Nobody, Kind, "", wanted.Length == 0 ? null : wanted), cancellationToken);
        Log.Finished(log, done);
        return done;
    }

    protected override Task Run(CancellationToken stoppingToken) => Renew(stoppingToken);

    private async Task Renew(Identity person, CancellationToken cancellationToken)
    {
        foreach (var text in await addresses.Of(person, cancellationToken))
        {
            var hashes = await addresses.HashesOf(person, Address.Parse(text), cancellationToken);
            await stores.Bulk.Rehash(person, text, hashes, cancellationToken);
        }
    }

    /// <summary><c>example.org: github lists</c>, a line for each domain that has any; in the order of their names.</summary>
    private string Described() => string.Join(
        '\n',
        policies.All.Where(policy => policy.PlusTags.Listed.Count > 0)
            .OrderBy(policy => policy.Domain, StringComparer.Ordinal)
            .Select(policy => string.Create(CultureInfo.InvariantCulture, $"{policy.Domain}: {string.Join(' ', policy.PlusTags.Listed.Order(StringComparer.Ordinal))}")));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The plus tags changed; every address is indexed anew: {Tags}")]
        public static partial void Started(ILogger logger, string tags);

        [LoggerMessage(2, LogLevel.Information, "Addresses of {People} people are indexed anew")]
        public static partial void Progress(ILogger logger, long people);

        [LoggerMessage(3, LogLevel.Information, "The plus tags hold for the addresses of all {People} people")]
        public static partial void Finished(ILogger logger, long people);
    }
}
