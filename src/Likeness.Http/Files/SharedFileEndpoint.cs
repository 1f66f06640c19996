using System.Globalization;
using Likeness.Files;
using Likeness.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Likeness.Http.Files;

/// <summary>
/// <c>/upload/{id}/{name}</c>: files that people share in chats are put there with the token of a slot (XEP-0363 §7), and read by
/// everybody who knows the address. A browser shows what cannot do anything, and saves all else.
/// </summary>
public sealed class SharedFileEndpoint(SharedFiles files, TimeProvider time) : IDisposable
{
    private const int MaxUploads = 32;
    private const int RetrySeconds = 5;
    private const string Scheme = "Bearer ";
    private readonly SemaphoreSlim _places = new(MaxUploads);

    /// <summary>Does nothing where <see cref="SharedFiles"/> are not among the services.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SharedFileEndpoint>() is { } endpoint)
        {
            endpoints.Map("/upload/{id}/{name}", (RequestDelegate)endpoint.Serve).WithDisplayName("files shared in chats");
        }
    }

    public void Dispose() => _places.Dispose();

    private Task Serve(HttpContext context)
    {
        // XEP-0363 §7: web clients are of other sites.
        var headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlAllowMethods = "OPTIONS, HEAD, GET, PUT";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Length";
        headers.AccessControlMaxAge = "7200";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        var id = (string)context.Request.RouteValues["id"]!;
        switch (context.Request.Method)
        {
            case "GET" or "HEAD":
                return Give(context, id);
            case "PUT":
                return Put(context, id);
            case "OPTIONS":
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            default:
                headers.Allow = "OPTIONS, HEAD, GET, PUT";
                return Say(context, StatusCodes.Status405MethodNotAllowed, "Files are put and got here.");
        }
    }

    private async Task Give(HttpContext context, string id)
    {
        if (files.Find(id) is not { } file)
        {
            await Say(context, StatusCodes.Status404NotFound, "There is no such file, or not any more.");
            return;
        }

        var headers = context.Response.Headers;
        var left = file.Created + files.Options.Lifetime - time.GetUtcNow();
        headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={Math.Max(0, (long)left.TotalSeconds)}, immutable");
        var type = FileTypes.TypeOf(file.Extension);
        if (type is null)
        {
            headers.ContentDisposition = "attachment";
        }

        try
        {
            await Results.File(
                files.PathOf(file),
                type is "text/plain" ? "text/plain; charset=utf-8" : type ?? "application/octet-stream",
                lastModified: file.Created,
                entityTag: new EntityTagHeaderValue($"\"{file.Id}\""),
                enableRangeProcessing: true).ExecuteAsync(context);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException && !context.Response.HasStarted)
        {
            await Say(context, StatusCodes.Status404NotFound, "There is no such file any more.");
        }
    }

    private async Task Put(HttpContext context, string id)
    {
        var request = context.Request;
        var authorization = request.Headers.Authorization.ToString();
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || files.Slots.Read(authorization[Scheme.Length..].Trim()) is not { } slot || slot.Id != id)
        {
            await Say(context, StatusCodes.Status403Forbidden, "A file is put with the header of its slot, within five minutes.");
        }
        else if (request.ContentLength is not { } length)
        {
            await Say(context, StatusCodes.Status411LengthRequired, "A file is sent with its length.");
        }
        else if (length != slot.Size)
        {
            await Say(context, length > slot.Size ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, $"The file was said to have {slot.Size} bytes.");
        }
        else if (slot.Type.Length > 0 && request.ContentType is { Length: > 0 } type && !FileTypes.Bare(type).Equals(FileTypes.Bare(slot.Type), StringComparison.OrdinalIgnoreCase))
        {
            await Say(context, StatusCodes.Status415UnsupportedMediaType, $"The file was said to be {slot.Type}.");
        }
        else if (!await _places.WaitAsync(0, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = RetrySeconds.ToString(CultureInfo.InvariantCulture);
            await Say(context, StatusCodes.Status503ServiceUnavailable, "Too many files are coming; try again in a moment.");
        }
        else
        {
            try
            {
                await Take(context, slot);
            }
            finally
            {
                _places.Release();
            }
        }
    }

    private async Task Take(HttpContext context, FileSlot slot)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = slot.Size;
        }

        try
        {
            var isNew = await files.Save(slot, slot.Type.Length > 0 ? slot.Type : context.Request.ContentType ?? "", context.Request.Body, context.RequestAborted);
            await Say(context, isNew ? StatusCodes.Status201Created : StatusCodes.Status409Conflict, isNew ? "The file is here." : "There is such a file already.");
        }
        catch (FileQuotaException exception)
        {
            await Say(context, StatusCodes.Status507InsufficientStorage, exception.Message);
        }
        catch (PictureBlockedException exception)
        {
            await Say(context, StatusCodes.Status403Forbidden, exception.Message);
        }
        catch (AccountGoneException)
        {
            await Say(context, StatusCodes.Status403Forbidden, "The account was removed.");
        }
        catch (EndOfStreamException exception)
        {
            await Say(context, StatusCodes.Status400BadRequest, exception.Message);
        }
    }

    private static Task Say(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Request.Method == "HEAD" ? Task.CompletedTask : context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
