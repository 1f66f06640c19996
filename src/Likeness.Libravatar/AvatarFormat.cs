namespace Likeness.Libravatar;

/// <summary>The picture type that the request's extension selects.</summary>
public enum AvatarFormat
{
    /// <summary>No extension, or one that selects nothing: the stored type.</summary>
    Unspecified,
    Jpeg,
    Png,
    Gif,
    WebP,
    Avif,
}
