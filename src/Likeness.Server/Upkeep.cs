using Likeness.Server.Blocks;
using Likeness.Server.Tls;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What is done once a minute: renewed certificates are taken up, drafts nobody came back for are dropped, blocks of other servers on the same database taken up.</summary>
internal sealed partial class Upkeep(CertificateSource certificates, IStores stores, PictureGuard guard, TimeProvider time, ILogger<Upkeep> log) : BackgroundService
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
                await DropDrafts(stoppingToken);
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

    private async Task DropDrafts(CancellationToken cancellationToken)
    {
        try
        {
            await stores.Portraits.DropExpiredDrafts(time.GetUtcNow(), cancellationToken);
            await guard.Load(cancellationToken);
        }
        catch (StorageException exception)
        {
            Log.DraftsKept(log, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Certificates changed and were read again")]
        public static partial void CertificatesReloaded(ILogger logger);

        [LoggerMessage(2, LogLevel.Error, "Changed certificates cannot be used, the old ones stay: {Reason}")]
        public static partial void CertificatesRefused(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "Expired drafts were not dropped, or new blocks not taken up")]
        public static partial void DraftsKept(ILogger logger, Exception exception);
    }
}
