using System.Buffers.Binary;

namespace Likeness.Imaging.Headers;

/// <summary>Walks JPEG segments up to the frame header (ITU-T T.81 annex B).</summary>
internal static class JpegHeader
{
    private const byte StartOfScan = 0xDA;
    private const byte EndOfImage = 0xD9;

    private static ReadOnlySpan<byte> ScanMarker => [0xFF, StartOfScan];

    public static ImageHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var at = 2;
        while (at + 4 <= bytes.Length)
        {
            if (bytes[at] != 0xFF)
            {
                // Decoders skip garbage between segments, so a header hidden behind some must be found as well.
                var next = bytes[at..].IndexOf((byte)0xFF);
                if (next < 0)
                {
                    return null;
                }

                at += next;
                continue;
            }

            var marker = bytes[at + 1];
            if (marker is 0xFF)
            {
                at++;
                continue;
            }

            if (marker is 0x00 or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += 2;
                continue;
            }

            if (marker is StartOfScan or EndOfImage)
            {
                return null;
            }

            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            if (IsFrame(marker))
            {
                return length >= 8 && at + 9 <= bytes.Length ? Frame(marker, bytes[(at + 4)..]) : null;
            }

            if (length < 2)
            {
                return null;
            }

            at += 2 + length;
        }

        return null;
    }

    /// <summary>True when no end stands behind the last scan. Within a scan 0xFF is always followed by something else than these.</summary>
    public static bool LacksItsEnd(ReadOnlySpan<byte> bytes) =>
        bytes.LastIndexOf([(byte)0xFF, EndOfImage]) < bytes.LastIndexOf(ScanMarker);

    private static bool IsFrame(byte marker) =>
        marker is >= 0xC0 and <= 0xCF and not 0xC4 and not 0xC8 and not 0xCC;

    private static ImageHeader Frame(byte marker, ReadOnlySpan<byte> bytes)
    {
        var (progressive, arithmetic) = (marker is 0xC2 or 0xC6 or 0xCA or 0xCE, marker >= 0xC9);
        var scans = progressive ? CountScans(bytes) : 1;
        return new ImageHeader(
            ImageFormat.Jpeg,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]),
            BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]),
            Frames: 1,
            Interlaced: progressive)
        {
            NanosecondsPerPixel = (progressive ? 4 + (2.5 * scans) : 4) * (arithmetic ? 5 : 1),
        };
    }

    /// <summary>Each scan of a progressive picture goes over all of it again.</summary>
    private static int CountScans(ReadOnlySpan<byte> bytes)
    {
        var scans = 0;
        for (var next = bytes.IndexOf(ScanMarker); next >= 0; next = bytes.IndexOf(ScanMarker))
        {
            scans++;
            bytes = bytes[(next + ScanMarker.Length)..];
        }

        return Math.Max(1, scans);
    }
}
