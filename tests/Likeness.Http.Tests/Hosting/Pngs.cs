namespace Likeness.Http.Tests.Hosting;

/// <summary>Bytes that the gate takes for a small PNG.</summary>
internal static class Pngs
{
    private static ReadOnlySpan<byte> Beginning =>
    [
        0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
        0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 9, 0, 0, 0, 9, 8, 2, 0, 0, 0, 0, 0, 0, 0,
    ];

    /// <param name="kind">Tells one from another; at most 127.</param>
    public static byte[] Tiny(byte kind) => [.. Beginning, kind];
}
