using System.Buffers.Binary;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Changes to a good file that follow from a number, so that a round that went wrong can be played again.</summary>
internal static class Mutation
{
    private static readonly uint[] Extremes = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, uint.MaxValue];

    /// <param name="other">Whose parts may be spliced in.</param>
    public static byte[] Of(byte[] file, byte[] other, int round)
    {
        var random = new Random(round);
        var bytes = file.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 16; change--)
        {
            Change(bytes, file, other, random);
        }

        var mutated = bytes.ToArray();
        if (mutated is [0x89, ..] && random.Next(4) > 0)
        {
            Seams.MendChecksums(mutated);
        }

        return mutated;
    }

    private static void Change(List<byte> bytes, byte[] file, byte[] other, Random random)
    {
        var at = Somewhere(bytes.Count, random);
        var most = Math.Min(bytes.Count - at, 1 + random.Next(64));
        switch (random.Next(9))
        {
            case 0:
                for (var flip = random.Next(1, 9); flip > 0; flip--)
                {
                    bytes[Somewhere(bytes.Count, random)] ^= (byte)(1 << random.Next(8));
                }

                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, most);
                break;
            case 3:
                bytes.InsertRange(at, Corpus.Bytes.Noise(random.Next(1, 64), random.Next()));
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, most));
                break;
            case 5:
                Overwrite(bytes, at, Extremes[random.Next(Extremes.Length)], random);
                break;
            case 6:
                MovePart(bytes, file, random);
                break;
            case 7:
                Splice(bytes, other, random);
                break;
            default:
                var kept = bytes.Count - random.Next(1, bytes.Count / 2);
                bytes.RemoveRange(kept, bytes.Count - kept);
                break;
        }
    }

    // Headers are at the front and decide most.
    private static int Somewhere(int length, Random random) => random.Next(random.Next(2) == 0 ? length : Math.Min(length, 200));

    private static void Overwrite(List<byte> bytes, int at, uint number, Random random)
    {
        Span<byte> octets = stackalloc byte[4];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(octets, number);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets, number);
        }

        for (var i = 0; i < octets.Length && at + i < bytes.Count; i++)
        {
            bytes[at + i] = octets[i];
        }
    }

    private static void MovePart(List<byte> bytes, byte[] file, Random random)
    {
        var seams = Seams.Of(file);
        var from = random.Next(seams.Count);
        var end = from + 1 < seams.Count ? seams[from + 1] : file.Length;
        var to = Math.Min(seams[random.Next(seams.Count)], bytes.Count);
        bytes.InsertRange(to, file[seams[from]..end]);
    }

    private static void Splice(List<byte> bytes, byte[] other, Random random)
    {
        var seams = Seams.Of(other);
        var at = Math.Min(Somewhere(bytes.Count, random), bytes.Count - 1);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other[seams[random.Next(seams.Count)]..]);
    }
}
