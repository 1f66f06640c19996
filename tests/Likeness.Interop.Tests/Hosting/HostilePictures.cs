using System.Buffers.Binary;
using System.Text;
using Likeness.Cli.Tests;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>Files that want to hurt whoever opens them.</summary>
internal static class HostilePictures
{
    /// <summary>Each must be refused, whoever brings it.</summary>
    public static IReadOnlyDictionary<string, byte[]> Refused { get; } = new Dictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["nothing.png"] = [],
        ["text.jpg"] = "not a picture"u8.ToArray(),
        ["drawing.svg"] = "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"u8.ToArray(),
        ["huge.png"] = Resized(TestPicture.Png(8, 8), 60_000, 60_000),
        ["lying.png"] = Resized(TestPicture.Png(8, 8), 5_000, 5_000),
        ["cut.png"] = TestPicture.Png()[..120],
        ["huge.gif"] = [.. "GIF89a"u8, 0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF],
        ["cut.jpg"] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xFF, 0xD9],
        ["endless.webp"] = [.. "RIFF"u8, 0xFF, 0xFF, 0xFF, 0x7F, .. "WEBPVP8L"u8, 0xFF, 0xFF, 0xFF, 0x7F, 0x2F, 0xFF, 0xFF, 0xFF, 0x0F],
    };

    /// <summary>A whole picture of 25 million pixels in a file of some kilobytes: dear to decode, so there is time to end the worker in the middle.</summary>
    /// <param name="shade">Makes it another picture.</param>
    public static byte[] Bomb(byte shade)
    {
        const int Side = 5_000;
        var rows = new byte[Side * (Side + 1)];
        for (var y = 0; y < Side; y++)
        {
            rows.AsSpan((y * (Side + 1)) + 1, Side).Fill(shade);
        }

        return TestPicture.Png(Side, Side, colour: 0, rows);
    }

    private static byte[] Resized(byte[] png, int width, int height)
    {
        var header = png.AsSpan().IndexOf(Encoding.ASCII.GetBytes("IHDR")) + 4;
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(header), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(header + 4), height);
        return png;
    }
}
