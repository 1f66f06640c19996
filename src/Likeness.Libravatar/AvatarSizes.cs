namespace Likeness.Libravatar;

/// <summary>The sizes a server gives.</summary>
public sealed record AvatarSizes
{
    public static AvatarSizes Standard { get; } = new();

    /// <summary>Pixels when nothing usable was asked for.</summary>
    public int Default { get; init; } = 80;

    /// <summary>Pixels; larger wishes get this. Must not be under 512.</summary>
    public int Largest { get; init; } = 512;

    /// <summary>Digits only make a number, clamped to <see cref="Largest"/>; zero and anything else are as if absent.</summary>
    public int Read(ReadOnlySpan<byte> encoded)
    {
        Span<byte> decoded = stackalloc byte[encoded.Length <= 256 ? encoded.Length : 0];
        var digits = encoded.Length <= 256 ? decoded[..PercentEncoding.Decode(encoded, decoded, plusIsSpace: true)] : encoded;
        var size = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return Default;
            }

            size = Math.Min((size * 10) + (digit - '0'), Largest);
        }

        return size == 0 ? Default : size;
    }
}
