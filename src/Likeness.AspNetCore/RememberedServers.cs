using Likeness.Libravatar;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.AspNetCore;

/// <summary>Writes what was found in DNS when the site stops, if it has a file for that.</summary>
internal sealed class RememberedServers(IAvatarClient client, ILogger<RememberedServers> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            client.Save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogWarning(exception, "The avatar servers found in DNS could not be kept; they will be looked up again.");
        }

        return Task.CompletedTask;
    }
}
