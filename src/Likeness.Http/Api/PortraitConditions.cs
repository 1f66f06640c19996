using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Likeness.Http.Api;

/// <summary>Keeps two writers from overwriting each other (RFC 9110 §13.1): the entity tag of a portrait is its version.</summary>
internal static class PortraitConditions
{
    public static string TagOf(Portrait portrait) => $"\"{portrait.Version}\"";

    /// <summary>Throws 412 when the request names another state than this one.</summary>
    /// <param name="portrait">Null: there is none.</param>
    public static void Check(HttpRequest request, Portrait? portrait)
    {
        var headers = request.GetTypedHeaders();
        var changed = request.Headers.ContainsKey(HeaderNames.IfMatch) && !Names(headers.IfMatch, portrait);
        var exists = request.Headers.ContainsKey(HeaderNames.IfNoneMatch) && Names(headers.IfNoneMatch, portrait);
        if (changed || exists)
        {
            throw new ApiRefusedException(StatusCodes.Status412PreconditionFailed, "The portrait is not in the state the request names; read it again.");
        }
    }

    /// <summary>The asker has it already.</summary>
    public static bool IsNotModified(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == "*" || known.Tag == tag);

    private static bool Names(IList<EntityTagHeaderValue> tags, Portrait? portrait) =>
        portrait is not null && tags.Any(tag => tag.Tag == "*" || (!tag.IsWeak && tag.Tag == TagOf(portrait)));
}
