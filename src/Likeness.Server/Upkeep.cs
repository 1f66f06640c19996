using Likeness.Server.Tls;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What is done once a minute: renewed certificates are taken up, what nobody needs any more is dropped from the database, writes whose outcome is not known are looked into.</summary>
internal sealed partial class Upkeep(CertificateSource certificates, IStores stores, PortraitBook book, TimeProvider time, ILogger<Upkeep> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                ReloadCertificates();
                await Settle(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private void ReloadCertificates()
    {
        try
        {
            if (certificates.ReloadWhenChanged())
            {
                Log.CertificatesReloaded(log);
            }
        }
        catch (CertificateRefusedException exception)
        {
            Log.CertificatesRefused(log, exception.Message);
        }
    }

    private async Task Settle(CancellationToken cancellationToken)
    {
        try
        {
            await stores.Portraits.DropExpiredDrafts(time.GetUtcNow(), cancellationToken);
            await stores.Changes.Prune(time.GetUtcNow(), cancellationToken);
            await book.Settle(cancellationToken);
        }
        catch (StorageException exception)
        {
            Log.NotTidied(log, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Certificates changed and were read again")]
        public static partial void CertificatesReloaded(ILogger logger);

        [LoggerMessage(2, LogLevel.Error, "Changed certificates cannot be used, the old ones stay: {Reason}")]
        public static partial void CertificatesRefused(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "The database was not tidied up")]
        public static partial void NotTidied(ILogger logger, Exception exception);
    }
}
