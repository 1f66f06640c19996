namespace Likeness.Libravatar;

/// <summary>What an avatar request asks for, read from the bytes of its target; never refused, because every mistake has a defined meaning (L-22, L-30).</summary>
/// <param name="Hash">Whose avatar; null when the path is no hash: an unknown user (L-22).</param>
/// <param name="Format">The picture type asked for (L-21).</param>
/// <param name="Size">Pixels, exact (L-31).</param>
/// <param name="Default">The decoded value of <c>d</c>; null when absent or empty.</param>
/// <param name="ForceDefault">Skip the person's picture (L-43).</param>
public readonly record struct AvatarQuery(
    AddressHash? Hash,
    AvatarFormat Format,
    int Size,
    string? Default,
    bool ForceDefault)
{
    /// <summary>Reads the path behind <c>/avatar/</c> and the query behind <c>?</c>, both still percent-encoded.</summary>
    public static AvatarQuery Parse(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, AvatarSizes sizes)
    {
        var (hash, format) = HashSegment.Read(path);
        Parameter size = default, choice = default, force = default;
        while (!query.IsEmpty)
        {
            var end = query.IndexOf((byte)'&');
            var pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? default : pair[(equals + 1)..];
            size = size.Or(name, value, "s"u8, "size"u8);
            choice = choice.Or(name, value, "d"u8, "default"u8);
            force = force.Or(name, value, "f"u8, "forcedefault"u8);
        }

        return new AvatarQuery(
            hash,
            format,
            sizes.Read(size.Value),
            DefaultKeywords.Read(choice.Value),
            PercentEncoding.DecodesTo(force.Value, "y"u8));
    }

    /// <summary>One parameter under its two names: the long one wins, then the last one (L-25); names are case-sensitive (L-26).</summary>
    private readonly ref struct Parameter(ReadOnlySpan<byte> value, bool byLongName)
    {
        public ReadOnlySpan<byte> Value { get; } = value;

        private readonly bool _byLongName = byLongName;

        public Parameter Or(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ReadOnlySpan<byte> shortName, ReadOnlySpan<byte> longName)
        {
            if (PercentEncoding.DecodesTo(name, longName))
            {
                return new Parameter(value, true);
            }

            return !_byLongName && PercentEncoding.DecodesTo(name, shortName) ? new Parameter(value, false) : this;
        }
    }
}
