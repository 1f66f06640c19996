using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Likeness.Http.Api;

/// <summary>Reads request bodies, never more than the limit.</summary>
internal static class ApiBody
{
    private const int LargestJson = 512 * 1024;
    private const int FirstBuffer = 64 * 1024;

    /// <summary>The bytes of a picture. Refuses more bytes than <paramref name="most"/> with 413.</summary>
    public static async Task<ReadOnlyMemory<byte>> Picture(HttpRequest request, long most, CancellationToken cancellation)
    {
        Limit(request, most);
        var length = Math.Clamp(request.ContentLength ?? FirstBuffer, 0, most);
        using var picture = new MemoryStream((int)length);
        await request.Body.CopyToAsync(picture, cancellation);
        return picture.GetBuffer().AsMemory(0, (int)picture.Length);
    }

    /// <summary>Refuses more than 512 KiB with 413, other JSON with 400.</summary>
    public static async Task<T> Json<T>(HttpRequest request, JsonTypeInfo<T> form, CancellationToken cancellation)
        where T : class
    {
        Limit(request, LargestJson);
        return await JsonSerializer.DeserializeAsync(request.Body, form, cancellation)
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
