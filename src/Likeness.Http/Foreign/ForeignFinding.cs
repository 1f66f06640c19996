using Likeness.Http.Renditions;

namespace Likeness.Http.Foreign;

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
