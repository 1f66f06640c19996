namespace Likeness;

/// <summary>Knows the pictures that nobody may show.</summary>
public interface IPictureGuard
{
    /// <summary>Changes with every new block, before the pictures it concerns are looked for.</summary>
    long Version { get; }

    /// <summary>Exactly these bytes are blocked. Takes no time.</summary>
    PictureBlock? Find(PictureId id);

    /// <summary>The block that stands against what is about to be shown: one of its pictures, the file it was made from, or a near copy; null when there is none.</summary>
    ValueTask<PictureBlock?> Find(IReadOnlyList<Picture> pictures, PictureId? uploaded, CancellationToken cancellationToken = default);
}

/// <summary>A picture that nobody may show.</summary>
/// <param name="Picture">SHA-1 of the blocked bytes: a picture as it is stored, or a file as it was uploaded.</param>
/// <param name="Subject">What the operator blocked; the in-band picture, the original and the file it was made from are forms of one subject.</param>
/// <param name="Near">Perceptual hash by which near copies are recognised; null: exactly these bytes only.</param>
/// <param name="Reason">What people who bring it are told; null when the operator gave none.</param>
public sealed record PictureBlock(PictureId Picture, PictureId Subject, ulong? Near, string? Reason, DateTimeOffset Since);

/// <summary>The picture is one that the operator blocked. The message is for whoever brought it.</summary>
public sealed class PictureBlockedException(PictureBlock block)
    : Exception(block.Reason is { } reason ? $"This picture is blocked by the operator: {reason}" : "This picture is blocked by the operator.")
{
    public PictureBlock Block { get; } = block;
}
