using Likeness.Accounts;
using Likeness.Web.Language;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Visits;

/// <summary>
/// Stands before every page, and before any byte of a body is read: headers, who it is, whether the page is theirs, whether the request comes
/// from our own pages, how large it may be. A page that does not say it is open is for people who are signed in.
/// </summary>
internal sealed partial class PageGate(WebSessions sessions, RoleBook roles, PageOptions options, TimeProvider time, ILogger<PageGate> log)
{
    /// <summary>Bytes of a form without file.</summary>
    public const long MaxForm = 64 * 1024;

    private const string Policy =
        "default-src 'none'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

    private readonly PathString _base = (options.PublicUrl?.AbsolutePath.TrimEnd('/') ?? "") is { Length: > 0 } path ? new PathString(path) : PathString.Empty;

    public async Task Pass(HttpContext context, RequestDelegate next)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<PageActionDescriptor>() is null)
        {
            await next(context);
            return;
        }

        context.Request.PathBase = _base;
        var takesFile = endpoint.Metadata.GetMetadata<TakesFileAttribute>() is not null;
        Protect(context.Response.Headers, takesFile);
        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsPost(method))
        {
            // They are no handler's, and a page is drawn without one.
            context.Response.Headers.Allow = "GET, HEAD, POST";
            context.Response.StatusCode = HttpMethods.IsOptions(method) ? StatusCodes.Status204NoContent : StatusCodes.Status405MethodNotAllowed;
            return;
        }

        try
        {
            await Enter(context, endpoint, takesFile ? options.LargestFile + MaxForm : MaxForm, next);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for an answer any more.
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            await Problem(context, refused.StatusCode == StatusCodes.Status413PayloadTooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest);
        }
        catch (ActForbiddenException) when (!context.Response.HasStarted)
        {
            TellNotTheirs(context, endpoint);
            await Problem(context, StatusCodes.Status404NotFound);
        }
        catch (InvalidDataException) when (!context.Response.HasStarted)
        {
            // A form that is none, or has too many fields.
            await Problem(context, StatusCodes.Status400BadRequest);
        }
#pragma warning disable CA1031 // What goes wrong inside is logged here and told nobody.
        catch (Exception exception) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            Log.Failed(log, context.Request.Method, exception);
            await Problem(context, StatusCodes.Status500InternalServerError);
        }
    }

    private async Task Enter(HttpContext context, Endpoint endpoint, long largest, RequestDelegate next)
    {
        var visitor = await Visitor.Of(context, sessions, roles);
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            // Browsers say it of themselves, and no page can change it (Fetch Metadata).
            if (context.Request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin" or "none"))
            {
                Log.FromElsewhere(log, RouteOf(endpoint));
                await Problem(context, StatusCodes.Status403Forbidden);
                return;
            }

            if (context.Request.ContentLength > largest)
            {
                await Problem(context, StatusCodes.Status413PayloadTooLarge);
                return;
            }

            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = largest;
            }
        }

        if (endpoint.Metadata.GetMetadata<OpenAttribute>() is null && visitor.Session is null)
        {
            AskToSignIn(context, again: false);
            return;
        }

        if (endpoint.Metadata.GetMetadata<FreshAttribute>() is not null && !visitor.IsFresh(time))
        {
            AskToSignIn(context, again: true);
            return;
        }

        if (endpoint.Metadata.GetMetadata<NeedsAttribute>() is { } needs)
        {
            if (!visitor.Rights.Has(needs.Right))
            {
                TellNotTheirs(context, endpoint);
                await Problem(context, StatusCodes.Status404NotFound);
                return;
            }

            if (!visitor.Session!.IsOwn || time.GetUtcNow() - visitor.Session.Created >= WebSessions.AdministratorsFresh)
            {
                AskToSignIn(context, again: true);
                return;
            }

            if (options.AdministratorsNeedSecondFactor && !visitor.Session.IsStrong)
            {
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = $"{context.Request.PathBase}/me/second-factor";
                return;
            }
        }

        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            await Problem(context, context.Response.StatusCode);
        }
    }

    private void TellNotTheirs(HttpContext context, Endpoint endpoint) =>
        Log.NotTheirs(log, context.Features.Get<Visitor>()?.Session?.Account.Value ?? "Somebody", context.Request.Method, RouteOf(endpoint));

    // As it is written in the program: nothing of what was asked for.
    private static string RouteOf(Endpoint endpoint) => $"/{(endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimStart('/')}";

    private static void AskToSignIn(HttpContext context, bool again)
    {
        // What was sent is not sent again by itself: one goes back to the page.
        var request = context.Request;
        var isSent = !HttpMethods.IsGet(request.Method);
        var page = request.Path + (isSent && request.Query.ContainsKey("handler") ? QueryString.Empty : request.QueryString);
        var back = again || !isSent ? QueryString.Create("return", page) : QueryString.Empty;
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"{request.PathBase}/sign-in{back}{(again ? "&again=yes" : "")}";
    }

    private static void Protect(IHeaderDictionary headers, bool takesFile)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-store";
        headers.Vary = "Accept-Language, Cookie";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = $"camera={(takesFile ? "(self)" : "()")}, microphone=(), geolocation=()";
        headers["X-Robots-Tag"] = "noindex";
    }

    private static async Task Problem(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        var words = Words.Of(context);
        var key = status switch
        {
            StatusCodes.Status400BadRequest => "problem.form",
            StatusCodes.Status403Forbidden => "problem.elsewhere",
            StatusCodes.Status404NotFound => "problem.nothing",
            StatusCodes.Status413PayloadTooLarge => "problem.large",
            _ => "problem.other",
        };
        var data = new ViewDataDictionary<string>(new EmptyModelMetadataProvider(), new ModelStateDictionary()) { Model = words[key] };
        var view = new ViewResult { ViewName = "~/Pages/Problem.cshtml", ViewData = data, StatusCode = status };
        await view.ExecuteResultAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor()));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A {Method} request of a page failed")]
        public static partial void Failed(ILogger logger, string method, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "{Account} wanted what is not theirs to do: {Method} {Page}")]
        public static partial void NotTheirs(ILogger logger, string account, string method, string page);

        [LoggerMessage(3, LogLevel.Warning, "Another site sent what only our own pages send, to {Page}: it was not done")]
        public static partial void FromElsewhere(ILogger logger, string page);
    }
}
