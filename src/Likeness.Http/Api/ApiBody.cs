using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Http.Api;

/// <summary>Reads request bodies, never more than the limit.</summary>
internal static class ApiBody
{
    private const int LargestJson = 512 * 1024;
    private const int InMemory = 64 * 1024;

    /// <summary>Waits until the whole body is there, kept in a temporary file when it is not small: slow uploads and many at once cost no memory. Refuses more bytes than <paramref name="most"/> with 413.</summary>
    public static async Task Receive(HttpRequest request, long most, CancellationToken cancellationToken)
    {
        Limit(request, most);
        request.EnableBuffering(InMemory, most);
        await request.Body.DrainAsync(cancellationToken);
        request.Body.Position = 0;
    }

    /// <summary>Refuses more than 512 KiB with 413, other JSON with 400.</summary>
    public static async Task<T> Json<T>(HttpRequest request, JsonTypeInfo<T> form, CancellationToken cancellationToken)
        where T : class
    {
        Limit(request, LargestJson);
        return await JsonSerializer.DeserializeAsync(request.Body, form, cancellationToken)
            ?? throw new ApiRefusedException(StatusCodes.Status400BadRequest, "The body is not the JSON that is expected here.");
    }

    private static void Limit(HttpRequest request, long most)
    {
        if (request.ContentLength > most)
        {
            throw new ApiRefusedException(StatusCodes.Status413PayloadTooLarge, $"The body has {request.ContentLength} bytes; at most {most} are allowed.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most;
        }
    }
}
