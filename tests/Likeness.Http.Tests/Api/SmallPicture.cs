using System.Buffers.Binary;

namespace Likeness.Http.Tests.Api;

/// <summary>As much of a PNG file as the gate looks at.</summary>
internal static class SmallPicture
{
    public static byte[] Png(int width = 64, int height = 64, byte salt = 0)
    {
        byte[] picture = [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, salt];
        BinaryPrimitives.WriteInt32BigEndian(picture.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(picture.AsSpan(20), height);
        return picture;
    }
}
