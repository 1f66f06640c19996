using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Api;

/// <summary>Stands before everything under <c>/api</c> and gives every refusal its form. Who may in is asked by the endpoints themselves, whatever way leads to them.</summary>
internal sealed partial class ApiGate(ILogger<ApiGate> log)
{
    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null } response)
            {
                await ApiProblems.Write(context, response.StatusCode, Explain(response.StatusCode));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
        }
#pragma warning disable CA1031 // What goes wrong inside is logged here and told nobody.
        catch (Exception exception) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            await Refuse(context, exception);
        }
    }

    private static string Explain(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing here; /api/v1/openapi.json tells what there is.",
        StatusCodes.Status405MethodNotAllowed => "This method is not for this resource; the Allow header names those that are.",
        StatusCodes.Status415UnsupportedMediaType => "The body is of a media type that is not taken here; /api/v1/openapi.json tells which are.",
        _ => ApiProblems.TitleOf(status),
    };

    private async Task Refuse(HttpContext context, Exception exception)
    {
        if (ApiProblems.Of(exception) is { } refused)
        {
            await ApiProblems.Write(context, refused.Status, refused.Message, refused.RetryAfter);
            return;
        }

        Log.Failed(log, context.Request.Method, exception);
        await ApiProblems.Write(context, StatusCodes.Status500InternalServerError, "Something went wrong here; the log of the server tells what.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A {Method} request of the REST interface failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}
