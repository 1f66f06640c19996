using System.Text;
using System.Text.Json;
using Likeness.Accounts;
using Likeness.Web.Portraits;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace Likeness.Web.Pages;

/// <summary><c>/me/events</c>: tells an open page when the portrait changes, wherever that was done.</summary>
internal sealed class EventsModel(PortraitStreams streams, OwnPortrait own, WebSessions sessions, PageOptions options, IHostApplicationLifetime server, TimeProvider time, IChatsBeside? beside = null) : SitePage
{
    // Shorter than what proxies allow a silent connection; and so long a session that was ended is still told of changes, at most.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(20);

    private bool _waitsForChats;

    public async Task<IActionResult> OnGet()
    {
        // A server that stops waits for no open page.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted, server.ApplicationStopping);
        var (person, token, cancellationToken) = (Visitor.Account, Visitor.Token!, end.Token);
        if (streams.Open(person) is not { } page)
        {
            return StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        try
        {
            Response.ContentType = "text/event-stream; charset=utf-8";
            Response.Headers["X-Accel-Buffering"] = "no";
            HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            await Write("retry: 5000\n\n", cancellationToken);
            do
            {
                await Write($"event: portrait\ndata: {await Now(person, cancellationToken)}\n\n", cancellationToken);
            }
            while (await Changed());
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Nobody looks at the page any more, or the server goes.
        }
        finally
        {
            streams.Close(person, page);
        }

        return new EmptyResult();

        // False: the session or the page is over.
        async Task<bool> Changed()
        {
            var next = page.Reader.WaitToReadAsync(cancellationToken).AsTask();
            while (!next.IsCompleted)
            {
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                await Task.WhenAny(next, Task.Delay(Beat, time, stop.Token));
                await stop.CancelAsync();
                if (await sessions.Find(token, cancellationToken) is null)
                {
                    return false;
                }

                // That the chat server has taken it is no change of the portrait.
                if (_waitsForChats && await beside!.StandingOf(person, cancellationToken) != ChatStanding.Waiting)
                {
                    return true;
                }

                if (!next.IsCompleted)
                {
                    await Write(":\n\n", cancellationToken);
                }
            }

            return page.Reader.TryRead(out _);
        }
    }

    private async Task<string> Now(Identity person, CancellationToken cancellationToken)
    {
        var seen = await own.Look(person, options.HasChats, cancellationToken);
        var standing = beside is null ? null : await beside.StandingOf(person, cancellationToken);
        _waitsForChats = standing == ChatStanding.Waiting;
        return JsonSerializer.Serialize(new
        {
            version = seen.Portrait.Version,
            shown = seen.Portrait.Source is not null,
            web = seen.OnTheWeb,
            contacts = seen.ByContacts,
            strangers = seen.ByStrangers,
            chats = standing == ChatStanding.InChats,
        });
    }

    private async Task Write(string text, CancellationToken cancellationToken)
    {
        await Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await Response.Body.FlushAsync(cancellationToken);
    }
}
