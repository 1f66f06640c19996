namespace Likeness.Web.Tests.Portraits;

/// <summary>Small animated GIF files made here.</summary>
internal static class MovingPicture
{
    /// <summary>A black frame and a white one, in turn.</summary>
    public static byte[] Gif(byte edge)
    {
        var file = new List<byte>();
        file.AddRange("GIF89a"u8);
        file.AddRange([edge, 0, edge, 0, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF]);
        file.AddRange([0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 0, 0, 0]);
        for (byte colour = 0; colour < 2; colour++)
        {
            file.AddRange([0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, edge, 0, edge, 0, 0, 2]);
            foreach (var part in Pixels(colour, edge * edge).Chunk(255))
            {
                file.AddRange([(byte)part.Length, .. part]);
            }

            file.Add(0);
        }

        file.Add(0x3B);
        return [.. file];
    }

    // LZW that begins anew after each second pixel: all codes stay three bits long.
    private static byte[] Pixels(int colour, int count)
    {
        const int Clear = 4;
        var codes = Enumerable.Range(0, count).SelectMany(pixel => pixel % 2 == 0 ? new[] { Clear, colour } : [colour]).Append(Clear + 1).ToArray();
        var bytes = new byte[((codes.Length * 3) + 7) / 8];
        for (var bit = 0; bit < codes.Length * 3; bit++)
        {
            bytes[bit / 8] |= (byte)(((codes[bit / 3] >> (bit % 3)) & 1) << (bit % 8));
        }

        return bytes;
    }
}
