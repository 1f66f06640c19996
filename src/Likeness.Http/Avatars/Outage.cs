using Likeness.Stores;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Avatars;

/// <summary>What is answered while nothing can be read or stored: 503 with Retry-After, or 507 where the disk is full; never an empty 500.</summary>
internal static partial class Outage
{
    public static async Task Guard(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (StoreUnavailableException exception) when (!context.Response.HasStarted)
        {
            Log.Unavailable(log, exception.Message);
            context.Response.Clear();
            context.Response.StatusCode = exception.IsFull ? StatusCodes.Status507InsufficientStorage : StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = exception.IsFull ? default : "5";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.ContentType = "text/plain; charset=utf-8";
            var text = exception.IsFull ? "There is no room to store this.\n" : "Try again later.\n";
            context.Response.ContentLength = text.Length;
            await context.Response.WriteAsync(text, context.RequestAborted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A request cannot be served: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
