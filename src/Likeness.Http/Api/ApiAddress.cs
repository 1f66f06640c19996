using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary>Reads addresses that programs send.</summary>
internal static class ApiAddress
{
    private const int MaxCharacters = 255;

    /// <summary>From a path: there the slashes of an OpenID stay encoded, all else is decoded already.</summary>
    public static Address FromPath(string segment) => Read(segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));

    /// <summary>Refuses with 422 what is neither an e-mail address nor an OpenID.</summary>
    public static Address Read(string? text) =>
        text is { Length: <= MaxCharacters } && !text.Any(IsStrange) && Address.TryParse(text, out var address)
            ? address
            : throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, "This is neither an e-mail address nor an OpenID.");

    private static bool IsStrange(char character) => char.IsControl(character) || char.IsWhiteSpace(character);
}
