using Likeness.Web.Mails;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>Sends mail as long as the server runs.</summary>
internal sealed class MailTask(MailDelivery delivery, TimeProvider time, ILogger<MailTask> log) : BackgroundTask("the sending of mail", time, log)
{
    protected override async Task Run(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Try("sending mail", delivery.Deliver, stoppingToken);
            await delivery.Wait(stoppingToken);
        }
    }
}
