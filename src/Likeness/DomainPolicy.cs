namespace Likeness;

/// <summary>What a domain's operator decided.</summary>
public sealed record DomainPolicy
{
    /// <summary>Lower-case domain.</summary>
    public required string Domain { get; init; }

    /// <summary>For portraits whose owner chose nothing.</summary>
    public Visibility DefaultVisibility { get; init; } = Visibility.Public;

    /// <summary>Shown for unknown people: a face's name, or the name of a file the operator supplied.</summary>
    public string DefaultFace { get; init; } = "mm";

    /// <summary>Seconds browsers may keep an avatar (L-51).</summary>
    public int CacheSeconds { get; init; } = 300;

    /// <summary>Largest in-band picture that chats may publish, bytes.</summary>
    public int LargestChatPicture { get; init; } = 256 * 1024;
}
