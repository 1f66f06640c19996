using Likeness.Web;
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

/// <summary>Looks again at pages that prove whose address they are: some each minute.</summary>
internal sealed class PageTask(IServiceProvider services, TimeProvider time, ILogger<PageTask> log) : BackgroundTask("the look at pages", time, log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly TimeProvider _time = time;

    protected override async Task Run(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            await Try("looking at pages that prove addresses", services.LookAtPages, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
