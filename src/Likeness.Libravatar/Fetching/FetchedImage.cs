namespace Likeness.Libravatar.Fetching;

/// <summary>A picture's bytes as a server sent them: its beginning looks like the format, nothing more is checked.</summary>
/// <param name="Format">Told by the bytes, not by the server.</param>
/// <param name="Source">Where it came from after redirects.</param>
public sealed record FetchedImage(ReadOnlyMemory<byte> Bytes, AvatarFormat Format, Uri Source)
{
    /// <summary>The server's validator for the next request, with its quotes.</summary>
    public string? EntityTag { get; init; }

    public DateTimeOffset? LastModified { get; init; }

    /// <summary>How long the server calls it fresh; null when it does not say.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>For example <c>image/png</c>.</summary>
    public string MediaType => Format switch
    {
        AvatarFormat.Jpeg => "image/jpeg",
        AvatarFormat.Png => "image/png",
        AvatarFormat.Gif => "image/gif",
        AvatarFormat.Avif => "image/avif",
        _ => "image/webp",
    };
}
