using Likeness.Accounts;
using Likeness.Files;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What is done once a minute: renewed certificates and lists are taken up, what nobody needs any more is dropped from the database, writes whose outcome is not known are looked into.</summary>
internal sealed partial class Upkeep(CertificateSource certificates, BlockListFile blocked, IStores stores, WebSessions sessions, RoleBook roles, PortraitBook book, IEnumerable<SharedFiles> files, Archives archives, SeenTally seen, TimeProvider time, ILogger<Upkeep> log)
    : BackgroundTask("the upkeep", time, log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time = time;

    protected override async Task Run(CancellationToken stoppingToken)
    {
        try
        {
            await RunUntilStopped(stoppingToken);
        }
        finally
        {
            await Try("writing down where pictures were seen", WriteSeen, CancellationToken.None);
        }
    }

    private async Task WriteSeen(CancellationToken cancellationToken)
    {
        if (seen.Take() is { Count: > 0 } rows)
        {
            await stores.Seen.Add(rows, cancellationToken);
        }
    }

    private async Task RunUntilStopped(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Try(
                "reading changed certificates",
                _ =>
                {
                    ReloadCertificates();
                    return Task.CompletedTask;
                },
                stoppingToken);
            await Try(
                "reading the changed list of blocked domains",
                _ =>
                {
                    ReloadBlocked();
                    return Task.CompletedTask;
                },
                stoppingToken);
            await Try("dropping expired drafts", async cancellationToken => await stores.Portraits.DropExpiredDrafts(_time.GetUtcNow(), cancellationToken), stoppingToken);
            await Try("dropping pictures that were put away long ago", async cancellationToken => await stores.Albums.DropEarlier(_time.GetUtcNow() - IAlbumStore.EarlierLifetime, cancellationToken), stoppingToken);
            await Try("dropping expired login tokens", async cancellationToken => await stores.LoginTokens.Prune(_time.GetUtcNow(), cancellationToken), stoppingToken);
            await Try("dropping sessions on the pages that are over", async cancellationToken => await sessions.Prune(cancellationToken), stoppingToken);
            await Try("dropping links of mails that are too old", async cancellationToken => await stores.Mails.Prune(_time.GetUtcNow(), cancellationToken), stoppingToken);
            await Try("dropping what browsers did not come back for", async cancellationToken => await stores.WebSteps.Prune(_time.GetUtcNow(), cancellationToken), stoppingToken);
            await Try("looking who administers", async cancellationToken => await roles.Refresh(cancellationToken), stoppingToken);
            await Try("dropping reports that were decided long ago", async cancellationToken => await stores.Reports.Prune(_time.GetUtcNow() - IAuditStore.Kept, cancellationToken), stoppingToken);
            await Try("dropping the record of old changes", async cancellationToken => await stores.Changes.Prune(_time.GetUtcNow(), cancellationToken), stoppingToken);
            await Try(
                "removing files that were kept long enough",
                _ =>
                {
                    foreach (var shared in files)
                    {
                        shared.Sweep();
                    }

                    return Task.CompletedTask;
                },
                stoppingToken);
            await Try("removing messages that were archived long enough", archives.Sweep, stoppingToken);
            await Try("writing down where pictures were seen", WriteSeen, stoppingToken);
            await Try("dropping where pictures were seen long ago", async cancellationToken => await stores.Seen.Prune(DateOnly.FromDateTime((_time.GetUtcNow() - ISeenStore.Kept).UtcDateTime), cancellationToken), stoppingToken);
            await Try("looking into unknown outcomes", async cancellationToken => await book.Settle(cancellationToken), stoppingToken);
        }
    }

    /// <summary>Throws <see cref="CertificateRefusedException"/> for files that cannot be used; the old certificates stay then.</summary>
    public void ReloadCertificates()
    {
        if (certificates.ReloadWhenChanged())
        {
            Log.CertificatesReloaded(log);
        }
    }

    /// <summary>Throws <see cref="FormatException"/> for a file that cannot be used; the old list stays in force then.</summary>
    public void ReloadBlocked()
    {
        if (blocked.ReloadWhenChanged())
        {
            Log.BlockedReloaded(log, blocked.Count);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Information, "The list of blocked domains changed and was read again: {Count} domains")]
        public static partial void BlockedReloaded(ILogger logger, int count);

        [LoggerMessage(1, LogLevel.Information, "Certificates changed and were read again")]
        public static partial void CertificatesReloaded(ILogger logger);
    }
}
