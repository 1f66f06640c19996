namespace Likeness.Imaging;

/// <summary>The picture formats that are decoded and written here; everything else is refused.</summary>
public enum ImageFormat
{
    Jpeg,
    Png,
    WebP,
    Gif,
    Avif,
}

/// <summary>The names a format goes by.</summary>
public static class ImageFormats
{
    /// <summary>The IANA media type, such as <c>image/jpeg</c>.</summary>
    public static string MediaType(this ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "image/jpeg",
        ImageFormat.Png => "image/png",
        ImageFormat.WebP => "image/webp",
        ImageFormat.Gif => "image/gif",
        ImageFormat.Avif => "image/avif",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>The usual file name extension without the dot, such as <c>jpg</c>.</summary>
    public static string Extension(this ImageFormat format) => format switch
    {
        ImageFormat.Jpeg => "jpg",
        ImageFormat.Png => "png",
        ImageFormat.WebP => "webp",
        ImageFormat.Gif => "gif",
        ImageFormat.Avif => "avif",
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Reads an extension with or without its dot, in any case; false for one that is not ours.</summary>
    public static bool TryParseExtension(ReadOnlySpan<char> extension, out ImageFormat format)
    {
        var name = extension.StartsWith('.') ? extension[1..] : extension;
        (var known, format) = name switch
        {
            _ when Is(name, "jpg") || Is(name, "jpeg") => (true, ImageFormat.Jpeg),
            _ when Is(name, "png") => (true, ImageFormat.Png),
            _ when Is(name, "webp") => (true, ImageFormat.WebP),
            _ when Is(name, "gif") => (true, ImageFormat.Gif),
            _ when Is(name, "avif") => (true, ImageFormat.Avif),
            _ => (false, default),
        };
        return known;

        static bool Is(ReadOnlySpan<char> name, string extension) =>
            name.Equals(extension, StringComparison.OrdinalIgnoreCase);
    }
}
