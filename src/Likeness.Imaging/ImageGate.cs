using System.Globalization;
using Likeness.Imaging.Headers;

namespace Likeness.Imaging;

/// <summary>The door every stranger's picture passes before a decoder sees it: format by content, size and frames from the header. Managed, bounded, and never throws anything but a refusal.</summary>
public sealed class ImageGate(ImageLimits limits)
{
    /// <exception cref="ImageRefusedException">The picture is over a limit or is not one of ours; the message names the limit.</exception>
    public ImageHeader Inspect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > limits.LargestFile)
        {
            throw new ImageRefusedException(
                RefusalReason.FileTooLarge,
                Text($"The file has {bytes.Length:N0} bytes; at most {limits.LargestFile:N0} are allowed."));
        }

        if (!TryIdentify(bytes, out var header))
        {
            throw new ImageRefusedException(
                RefusalReason.UnknownFormat,
                HeifHeader.IsHeic(bytes)
                    ? "This is a HEIC picture, which cannot be read here; please send it as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible)."
                    : "This is not a picture that can be read; JPEG, PNG, WebP, GIF and AVIF are allowed.");
        }

        if (Math.Max(header.Width, header.Height) > limits.MaxEdge)
        {
            throw new ImageRefusedException(
                RefusalReason.TooManyPixels,
                Text($"The picture has {header.Width} × {header.Height} pixels; an edge may have at most {limits.MaxEdge:N0}."));
        }

        var maxPixels = header.Format is ImageFormat.Avif ? limits.MaxPixelsOfAvif : header.HeldWhole ? Math.Min(limits.MaxPixelsHeldWhole, limits.MaxPixels) : limits.MaxPixels;
        if (Math.Max(header.Pixels, header.LargestFrame) > maxPixels)
        {
            throw new ImageRefusedException(
                RefusalReason.TooManyPixels,
                Text($"The picture has {header.Width} × {header.Height} pixels; at most {maxPixels / 1e6:0.###} million are allowed{(header.HeldWhole ? $" in {KindOf(header)}" : "")}."));
        }

        if (header.Frames > limits.MaxFrames)
        {
            throw new ImageRefusedException(
                RefusalReason.TooManyFrames,
                Text($"The animation has {header.Frames:N0} frames; at most {limits.MaxFrames:N0} are allowed."));
        }

        if (header.Pixels * header.Frames > Math.Max(limits.MaxPixelsOfAllFrames, maxPixels))
        {
            throw new ImageRefusedException(
                RefusalReason.TooManyPixels,
                Text($"The animation has {header.Frames:N0} frames of {header.Width} × {header.Height} pixels; at most {limits.MaxPixelsOfAllFrames / 1e6:0.###} million are allowed in all frames together."));
        }

        if (header.PackedText > limits.MaxPackedText)
        {
            throw new ImageRefusedException(
                RefusalReason.TooCostly,
                Text($"The picture carries {header.PackedText:N0} bytes of packed text; at most {limits.MaxPackedText:N0} are allowed."));
        }

        if (header.DecodeCost > limits.MaxDecodeCost)
        {
            throw new ImageRefusedException(RefusalReason.TooCostly, "The picture is stored in a way that takes too long to read; saving it anew with another program helps.");
        }

        return header;
    }

    /// <summary>Reads format, size (as stored), frames and interlacing without any limit; false when the bytes are no picture of ours.</summary>
    public static bool TryIdentify(ReadOnlySpan<byte> bytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ImageHeader? header)
    {
        var found = bytes switch
        {
            [0xFF, 0xD8, 0xFF, ..] => JpegHeader.Read(bytes),
            [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => PngHeader.Read(bytes),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => GifHeader.Read(bytes),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebPHeader.Read(bytes),
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => HeifHeader.Read(bytes),
            _ => null,
        };
        header = found;
        return found is { Width: > 0, Height: > 0 };
    }

    private static string KindOf(ImageHeader header) => header.Format switch
    {
        ImageFormat.Jpeg => "a progressive JPEG",
        ImageFormat.Png => "an interlaced PNG",
        ImageFormat.WebP => "a WebP",
        ImageFormat.Avif => "an AVIF",
        _ => "a GIF",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
