using Likeness.Libravatar;

namespace Likeness;

/// <summary>Draws portraits as the web shows them. Whoever renders pictures implements it.</summary>
public interface IPortraitPainter
{
    /// <summary>The portrait at a size, whoever may see it: who asks decides for whom. Null: it shows nothing, or nothing that can be drawn. Throws when none can be drawn now.</summary>
    /// <param name="size">Pixels, both ways.</param>
    /// <param name="isStill">The first frame of what moves.</param>
    ValueTask<Picture?> Paint(Portrait portrait, int size, bool isStill = false, CancellationToken cancellationToken = default);

    /// <summary>A generated face at a size, as PNG. Null: there is none of that name. Throws when none can be drawn now.</summary>
    ValueTask<Picture?> Paint(GeneratedFace face, int size, CancellationToken cancellationToken = default);
}

/// <summary>A picture that is drawn from a hash.</summary>
/// <param name="Name">What the <c>d</c> parameter of avatars calls it.</param>
/// <param name="Hash">What decides what it looks like.</param>
/// <param name="Letters">What it shows where it shows letters; null: none.</param>
/// <param name="Address">Whose colour in chats it has where it has one (XEP-0392); null: the hash's.</param>
public sealed record GeneratedFace(string Name, AddressHash Hash, string? Letters, string? Address);
