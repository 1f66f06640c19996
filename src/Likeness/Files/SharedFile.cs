using System.Collections.Frozen;

namespace Likeness.Files;

/// <summary>A file that somebody uploaded.</summary>
/// <param name="Owner">Stands for the account.</param>
/// <param name="Extension">Says the type, with its dot; see <see cref="FileTypes"/>.</param>
/// <param name="Size">Bytes.</param>
public sealed record SharedFile(string Id, string Owner, string Extension, long Size, DateTimeOffset Created);

/// <summary>The types that browsers may show or play; every other file is given to be saved, and as nothing else.</summary>
public static class FileTypes
{
    /// <summary>Of a file that may be anything.</summary>
    public const string Unknown = ".bin";

    private static readonly (string Extension, string Type)[] Safe =
    [
        (".jpg", "image/jpeg"), (".png", "image/png"), (".gif", "image/gif"), (".webp", "image/webp"), (".avif", "image/avif"), (".heic", "image/heic"),
        (".mp3", "audio/mpeg"), (".oga", "audio/ogg"), (".opus", "audio/opus"), (".m4a", "audio/mp4"), (".aac", "audio/aac"), (".wav", "audio/wav"),
        (".flac", "audio/flac"), (".weba", "audio/webm"), (".amr", "audio/amr"),
        (".mp4", "video/mp4"), (".webm", "video/webm"), (".ogv", "video/ogg"), (".mov", "video/quicktime"), (".3gp", "video/3gpp"),
        (".txt", "text/plain"),
    ];

    private static readonly FrozenDictionary<string, string> Extensions = Safe.ToFrozenDictionary(one => one.Type, one => one.Extension, StringComparer.OrdinalIgnoreCase);
    private static readonly FrozenDictionary<string, string> Types = Safe.ToFrozenDictionary(one => one.Extension, one => one.Type, StringComparer.Ordinal);

    /// <summary>The media type without parameters.</summary>
    public static string Bare(string? type) => type?.Split(';')[0].Trim() ?? "";

    /// <summary><see cref="Unknown"/> for whatever is not known to be harmless, HTML and SVG among it.</summary>
    public static string ExtensionOf(string? type) => Extensions.GetValueOrDefault(Bare(type), Unknown);

    /// <summary>Null: it is given to be saved.</summary>
    public static string? TypeOf(string extension) => Types.GetValueOrDefault(extension);
}

/// <summary>There is no room for a file of this person.</summary>
/// <param name="retryAt">When there will be.</param>
public sealed class FileQuotaException(string message, DateTimeOffset retryAt) : Exception(message)
{
    public DateTimeOffset RetryAt { get; } = retryAt;
}
