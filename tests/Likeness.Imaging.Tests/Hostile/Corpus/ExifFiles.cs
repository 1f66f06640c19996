using static Likeness.Imaging.Tests.Hostile.Corpus.Bytes;

namespace Likeness.Imaging.Tests.Hostile.Corpus;

/// <summary>EXIF blocks (TIFF inside) that send their readers round in circles.</summary>
internal static class ExifFiles
{
    private const int Pointer = 0x8769;
    private const int Long = 4;

    /// <summary>A directory whose next directory, and whose sub-directory, is itself.</summary>
    public static byte[] PointingToItself { get; } = Tiff(next: 8, Entry(Pointer, Long, 1, 8), Entry(0x8825, Long, 1, 8), Entry(0xA005, Long, 1, 8));

    /// <summary>Every count and offset as large as it can be.</summary>
    public static byte[] CountingTooFar { get; } = Tiff(
        next: uint.MaxValue,
        [.. Enumerable.Range(1, 12).Select(type => Entry(0x0100 + type, type, uint.MaxValue, uint.MaxValue))]);

    /// <summary>Each value overlaps all others and claims nearly the whole block.</summary>
    public static byte[] Overlapping { get; } =
        [.. Tiff(next: 0, [.. Enumerable.Range(0, 4000).Select(i => Entry(0x9000 + i, 7, 60_000, 8))]), .. new byte[12_000]];

    /// <summary>Directories nested hundreds deep, each pointing to the next.</summary>
    public static byte[] Nested { get; } =
        ((byte[])[.. "Exif\0\0II*\0"u8, .. Little32(8), .. Enumerable.Range(1, 3000).SelectMany(level => (byte[])[1, 0, .. Entry(Pointer, Long, 1, (uint)(8 + (level * 18))), 0, 0, 0, 0])]);

    /// <summary>An orientation that does not exist and a thumbnail outside the block.</summary>
    public static byte[] Astray { get; } = Tiff(next: 0, Entry(0x0112, 3, 1, 4711), Entry(0x0201, Long, 1, 0xFFFFFFF0), Entry(0x0202, Long, 1, 0x7FFFFFFF));

    private static byte[] Tiff(uint next, params byte[][] entries) =>
        [.. "Exif\0\0II*\0"u8, .. Little32(8), .. Little16(entries.Length), .. entries.SelectMany(entry => entry), .. Little32(next)];

    private static byte[] Entry(int tag, int type, uint count, uint value) => [.. Little16(tag), .. Little16(type), .. Little32(count), .. Little32(value)];
}
