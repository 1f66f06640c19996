namespace Likeness.Imaging.Tests.Support;

/// <summary>What becomes of a frame when its time is over (GIF89a §23).</summary>
internal enum Disposal
{
    Unspecified,
    Keep,
    Background,
    Previous,
}

/// <summary>A frame of one colour, perhaps with holes: every third pixel shows what was there before.</summary>
internal sealed record GifFrame(int Left, int Top, int Width, int Height, byte[] Colour, Disposal Disposal, bool HasHoles);

/// <summary>GIF files with exactly these frames; encoders merge and move them.</summary>
internal static class GifWriter
{
    private const int Clear = 4;
    private const int End = 5;
    private const byte Hole = 3;

    public static byte[] Write(int width, int height, IEnumerable<GifFrame> frames) =>
    [
        .. "GIF89a"u8, .. Little(width), .. Little(height), 0xF1, 0, 0, 9, 9, 9, 0, 255, 0, 0, 0, 255, 255, 255, 255,
        .. frames.SelectMany(Frame), 0x3B,
    ];

    private static byte[] Frame(GifFrame frame) =>
    [
        0x21, 0xF9, 4, (byte)(((int)frame.Disposal << 2) | (frame.HasHoles ? 1 : 0)), 10, 0, Hole, 0,
        0x2C, .. Little(frame.Left), .. Little(frame.Top), .. Little(frame.Width), .. Little(frame.Height), 0x81,
        .. frame.Colour, 1, 2, 3, 4, 5, 6, 7, 8, 9,
        2, .. Packed(Enumerable.Range(0, frame.Width * frame.Height).Select(pixel => frame.HasHoles && pixel % 3 == 0 ? Hole : (byte)0)).Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part]), 0,
    ];

    /// <summary>LZW without its gain: the table is cleared before its codes grow.</summary>
    private static byte[] Packed(IEnumerable<byte> pixels)
    {
        var bits = new List<bool>();
        foreach (var pair in pixels.Chunk(2))
        {
            Put(Clear);
            foreach (var pixel in pair)
            {
                Put(pixel);
            }
        }

        Put(End);
        return [.. bits.Chunk(8).Select(octet => (byte)octet.Select((bit, place) => bit ? 1 << place : 0).Sum())];

        void Put(int code)
        {
            for (var place = 0; place < 3; place++)
            {
                bits.Add((code >> place & 1) != 0);
            }
        }
    }

    private static byte[] Little(int number) => [(byte)number, (byte)(number >> 8)];
}
