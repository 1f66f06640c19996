using System.Buffers.Binary;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Where the parts of a good file meet: the offsets of its chunks, segments or blocks.</summary>
internal static class Seams
{
    public static IReadOnlyList<int> Of(byte[] file) => file[0] switch
    {
        0x89 => Walk(file, 8, at => 12 + BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at))),
        (byte)'R' => Walk(file, 12, at => 8 + BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4)) is var length ? length + (length & 1) : 0),
        0xFF => Walk(file, 2, at => file[at + 1] == 0xDA ? file.Length - at : 2 + BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at + 2))),
        _ => Walk(file, 13, _ => 64),
    };

    /// <summary>Writes the right checksum behind each PNG chunk that still is one, so that decoders look inside.</summary>
    public static void MendChecksums(byte[] png)
    {
        for (long at = 8; at + 12 <= png.Length;)
        {
            long length = BinaryPrimitives.ReadUInt32BigEndian(png.AsSpan((int)at));
            if (at + 12 + length > png.Length)
            {
                return;
            }

            BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan((int)(at + 8 + length)), Segments.Crc(png.AsSpan((int)at + 4, 4 + (int)length)));
            at += 12 + length;
        }
    }

    private static List<int> Walk(byte[] file, int first, Func<int, int> length)
    {
        var seams = new List<int> { first };
        while (seams[^1] + 12 < file.Length && length(seams[^1]) is > 0 and var next && seams[^1] + next < file.Length)
        {
            seams.Add(seams[^1] + next);
        }

        return seams;
    }
}
