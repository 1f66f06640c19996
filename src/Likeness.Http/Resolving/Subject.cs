using Likeness.Http.Answering;
using Likeness.Http.Renditions;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;

namespace Likeness.Http.Resolving;

/// <summary>What a request may be answered with, before it is drawn. One that turns out not to be there, or cannot be drawn, gives way to the next.</summary>
internal abstract record Subject
{
    /// <summary>A portrait that everybody may see.</summary>
    public sealed record Person(Portrait Portrait, PictureInfo Picture, AvatarSite Site) : Subject;

    /// <summary>What another server may have.</summary>
    /// <param name="Source">What the answer calls it.</param>
    public sealed record Elsewhere(string Source, Func<CancellationToken, ValueTask<ForeignFinding>> Find) : Subject;

    /// <summary>A picture of the operator's.</summary>
    public sealed record Image(string Name, SiteImage Picture) : Subject;

    /// <summary>A generated face.</summary>
    /// <param name="Address">Null: the server does not know it, or must not show that it does.</param>
    public sealed record Drawn(IFace Face, AddressHash? Hash, string? Letters, string? Address) : Subject;

    /// <summary>Another place, which this program wrote down.</summary>
    public sealed record Redirect(string Location, string Source) : Subject;

    /// <summary>The asker wants to be told that there is nothing.</summary>
    public sealed record Nothing : Subject;
}

/// <summary>What another server has for a hash.</summary>
/// <param name="Rendition">Null: nothing, or nothing to be had now.</param>
/// <param name="Changed">When its picture changed, as far as it says.</param>
/// <param name="HasFailed">It could not be asked: the next time may be different.</param>
/// <param name="Until">The second of <see cref="HttpClock"/> until which this holds.</param>
internal sealed record ForeignFinding(Rendition? Rendition, DateTimeOffset Changed, bool HasFailed, long Until)
{
    private const int Overhead = 512;

    public int Weight => (Rendition?.Bytes.Length ?? 0) + Overhead;
}
