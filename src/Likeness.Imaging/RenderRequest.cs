using System.Text;

namespace Likeness.Imaging;

/// <summary>What is to be made of the source.</summary>
public enum RenderJob
{
    /// <summary>A square of exactly the asked size, scaled up if need be.</summary>
    Photo,

    /// <summary>An upload's large master: square, at most the asked size, never scaled up; JPEG and PNG stay what they are, and so does an animation.</summary>
    Master,

    /// <summary>An upload's small PNG for chats: square, at most the asked size and <see cref="RenderRequest.MaxBytes"/>.</summary>
    InBand,

    /// <summary>A face of our own, drawn as SVG.</summary>
    Face,

    /// <summary>All of an upload as it is seen, to be cut later: upright, its longer edge at most the asked size, its first frame.</summary>
    Whole,
}

/// <summary>One picture to render: oriented, cropped square about its centre, scaled, in sRGB and without metadata.</summary>
public sealed record RenderRequest
{
    public const int LargestSize = 4096;

    /// <summary>Pixels of all frames together, as they come in or go out. Encoding twice as many takes longer than one picture may.</summary>
    private const long MaxAnimatedPixels = 25_000_000;

    private const double FaceMilliseconds = 1;

    private RenderRequest(RenderJob job, ReadOnlyMemory<byte> source, int size, ImageFormat? format, int maxBytes, Crop? crop = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        Job = job;
        Source = source;
        Size = size;
        Format = format;
        MaxBytes = maxBytes;
        Crop = crop;
    }

    public RenderJob Job { get; }

    /// <summary>The encoded picture; SVG text in UTF-8 for a face.</summary>
    public ReadOnlyMemory<byte> Source { get; }

    /// <summary>Edge of the square in pixels.</summary>
    public int Size { get; }

    /// <summary>Null: the source's own, PNG for a face.</summary>
    public ImageFormat? Format { get; }

    /// <summary>Bytes the result may have; 0 for no limit. Only <see cref="RenderJob.InBand"/> obeys it.</summary>
    public int MaxBytes { get; }

    /// <summary>Which part of the source; null: the square in the centre.</summary>
    public Crop? Crop { get; }

    /// <summary>Exactly <paramref name="size"/> square. An animation stays one when its own format is asked for; its first frame is taken otherwise.</summary>
    public static RenderRequest Photo(ReadOnlyMemory<byte> source, int size, ImageFormat? format = null) =>
        new(RenderJob.Photo, source, size, format, 0);

    /// <summary>The large master of an upload.</summary>
    /// <param name="crop">As <see cref="Crop"/>.</param>
    /// <param name="isStill">Of an animation, the first frame as PNG.</param>
    public static RenderRequest Master(ReadOnlyMemory<byte> source, int longestEdge = 1024, Crop? crop = null, bool isStill = false) =>
        new(RenderJob.Master, source, longestEdge, isStill ? ImageFormat.Png : null, 0, crop);

    /// <summary>All of an upload, in the format that a master of it has.</summary>
    public static RenderRequest Whole(ReadOnlyMemory<byte> source, int longestEdge = 2048) =>
        new(RenderJob.Whole, source, longestEdge, null, 0);

    /// <summary>The chat picture of an upload; smaller sizes are tried until it fits, 64 px at last.</summary>
    public static RenderRequest InBand(ReadOnlyMemory<byte> source, int longestEdge = 192, int maxBytes = 64 * 1024) =>
        new(RenderJob.InBand, source, longestEdge, ImageFormat.Png, maxBytes);

    /// <summary>A face of our own, drawn in a view box of 512 × 512; never give this text that somebody else wrote.</summary>
    public static RenderRequest Face(string svg, int size, ImageFormat? format = null) =>
        new(RenderJob.Face, Encoding.UTF8.GetBytes(svg), size, format, 0);

    /// <summary>Milliseconds of processor time that it takes, about, on a machine of 2024.</summary>
    /// <param name="header">Of the source; null for a face.</param>
    public double Cost(ImageHeader? header)
    {
        var (frames, read) = header is null ? (1, FaceMilliseconds) : KeepsFrames(header) ? (header.Frames, header.DecodeCost) : (1, header.DecodeCost / header.Frames);
        var (start, perPixel) = (Format ?? header?.Format ?? ImageFormat.Png) switch
        {
            ImageFormat.Jpeg => (0.3, 4e-6),
            ImageFormat.Png => (0.3, 40e-6),
            ImageFormat.WebP => (0.5, 60e-6),
            ImageFormat.Avif => (1, 170e-6),
            _ => (2, 350e-6),
        };
        return read + (frames * (start + ((double)Size * Size * perPixel)));
    }

    /// <summary>An animation is rendered whole where it is affordable and its own format is asked for; by its first frame otherwise.</summary>
    internal bool KeepsFrames(ImageHeader header)
    {
        long enlarged = Job is RenderJob.Photo ? Size : 0;
        return header.Frames > 1
            && Math.Max(header.Pixels, enlarged * enlarged) * header.Frames <= MaxAnimatedPixels
            && (Format ?? header.Format) == header.Format
            && Job is RenderJob.Photo or RenderJob.Master;
    }

    internal static RenderRequest Of(RenderJob job, ReadOnlyMemory<byte> source, int size, ImageFormat? format, int maxBytes, Crop? crop) =>
        new(job, source, size, format, maxBytes, crop);
}

/// <summary>A finished picture.</summary>
/// <param name="Width">Pixels of one frame.</param>
/// <param name="Height">Pixels of one frame.</param>
public sealed record RenderedImage(ReadOnlyMemory<byte> Bytes, ImageFormat Format, int Width, int Height);
