using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar;

/// <summary>What somebody tells everybody of themselves beside their picture, as avatar servers give it at <c>/HASH.json</c> (the shape is that of Gravatar's profiles). It is a stranger's text: it has one line, nothing in it turns the direction of letters, but HTML has to be encoded.</summary>
/// <param name="Name">Not empty, at most <see cref="MaxName"/> characters.</param>
/// <param name="Links">At most <see cref="MaxLinks"/>, no address twice.</param>
public sealed record PublicProfile(string Name, ImmutableArray<PublicLink> Links)
{
    /// <summary>UTF-16 characters of a name, and of what a link is called; what is longer is cut.</summary>
    public const int MaxName = 60;

    /// <summary>Links of a profile; further ones are left out.</summary>
    public const int MaxLinks = 10;

    /// <summary>UTF-8 bytes of a link's address; longer ones are left out.</summary>
    public const int MaxLinkBytes = 512;

    /// <summary>Bytes of the document that is read; a larger one is refused.</summary>
    internal const int MaxBytes = 64 * 1024;

    private const int MaxDepth = 16;

    /// <summary>Entries of the document's list of links that are looked at, good or not.</summary>
    private const int MaxLookedAt = 100;

    /// <summary>Reads a document. False: it is no profile. Null with true: it is one that says no name.</summary>
    internal static bool TryRead(ReadOnlyMemory<byte> json, out PublicProfile? profile)
    {
        profile = null;
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("entry", out var entries) || entries.ValueKind != JsonValueKind.Array || entries.GetArrayLength() == 0
                || entries[0] is not { ValueKind: JsonValueKind.Object } entry)
            {
                return false;
            }

            var name = Line(TextOf(entry, "displayName"));
            profile = name.Length == 0 ? null : new PublicProfile(name, LinksOf(entry));
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string in it that is no text.
            return false;
        }
    }

    private static ImmutableArray<PublicLink> LinksOf(JsonElement entry) =>
        entry.TryGetProperty("urls", out var urls) && urls.ValueKind == JsonValueKind.Array
            ? [.. urls.EnumerateArray().Take(MaxLookedAt).Select(Link).OfType<PublicLink>().DistinctBy(link => link.Url.AbsoluteUri).Take(MaxLinks)]
            : [];

    private static PublicLink? Link(JsonElement link)
    {
        if (link.ValueKind != JsonValueKind.Object
            || TextOf(link, "value") is not { Length: <= MaxLinkBytes } text
            || !Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url)
            || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp)
            || url.UserInfo.Length > 0 || url.IdnHost.Length == 0
            || Encoding.UTF8.GetByteCount(url.AbsoluteUri) > MaxLinkBytes)
        {
            return null;
        }

        // As it is looked up: letters of another script that look alike show themselves.
        return new PublicLink(url, Line(TextOf(link, "title")) is { Length: > 0 } title ? title : Line(url.IdnHost));
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // What turns the direction of letters behind it would make a page say what nobody wrote (Unicode TR 36 §2.5).
    private static string Line(string? text)
    {
        var line = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            if (isSpace ? line.Length == 0 || line[^1] == ' ' : rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200B or 0x2060 or 0x200E or 0x200F or 0x061C or 0xFEFF or 0xFFFD)
            {
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength > MaxName)
            {
                break;
            }

            line.Append(isSpace ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }
}

/// <summary>Where somebody says they are, too.</summary>
/// <param name="Url">http or https, without user info. Nobody has looked where it leads.</param>
/// <param name="Title">What it is called; else its host.</param>
public sealed record PublicLink(Uri Url, string Title);

/// <summary>What came of asking for somebody's profile.</summary>
/// <param name="Status"><see cref="AvatarStatus.Found"/>: there is one. <see cref="AvatarStatus.None"/>: this person tells nothing, or the server knows no profiles.</param>
public sealed record ProfileResult(AvatarStatus Status)
{
    /// <summary>When <see cref="Status"/> is <see cref="AvatarStatus.Found"/>.</summary>
    public PublicProfile? Profile { get; init; }

    /// <summary>The server that gave this answer; null when none could be asked.</summary>
    public AvatarBase? Server { get; init; }

    /// <summary>What went wrong with <see cref="Server"/>, when <see cref="Status"/> is <see cref="AvatarStatus.Failed"/>.</summary>
    public FetchFailure? Failure { get; init; }

    /// <summary>The HTTP status, when <see cref="Failure"/> is <see cref="FetchFailure.Status"/>; else 0.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The rule that <see cref="Server"/> or its answer broke, when <see cref="Status"/> is <see cref="AvatarStatus.Refused"/>.</summary>
    public FetchRefusal? Refusal { get; init; }
}
