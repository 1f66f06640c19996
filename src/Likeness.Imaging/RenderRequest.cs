using System.Text;

namespace Likeness.Imaging;

/// <summary>What is to be made of the source.</summary>
public enum RenderJob
{
    /// <summary>A square of exactly the asked size, scaled up if need be (L-31).</summary>
    Photo,

    /// <summary>An upload's large master: square, at most the asked size, never scaled up; PNG when it is translucent, an animation in its own format, JPEG otherwise.</summary>
    Master,

    /// <summary>An upload's small PNG for chats: square, at most the asked size and <see cref="RenderRequest.MaxBytes"/>.</summary>
    InBand,

    /// <summary>A face of our own, drawn as SVG.</summary>
    Face,
}

/// <summary>One picture to render: oriented, cropped square about its centre, scaled, in sRGB and without metadata.</summary>
public sealed record RenderRequest
{
    public const int LargestSize = 4096;

    private RenderRequest(RenderJob job, ReadOnlyMemory<byte> source, int size, ImageFormat? format, int maxBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, LargestSize);
        Job = job;
        Source = source;
        Size = size;
        Format = format;
        MaxBytes = maxBytes;
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

    /// <summary>Exactly <paramref name="size"/> square. An animation stays one when its own format is asked for (L-10B); its first frame is taken otherwise.</summary>
    public static RenderRequest Photo(ReadOnlyMemory<byte> source, int size, ImageFormat? format = null) =>
        new(RenderJob.Photo, source, size, format, 0);

    /// <summary>The large master of an upload.</summary>
    public static RenderRequest Master(ReadOnlyMemory<byte> source, int longestEdge = 1024) =>
        new(RenderJob.Master, source, longestEdge, null, 0);

    /// <summary>The chat picture of an upload; smaller sizes are tried until it fits, 64 px at last.</summary>
    public static RenderRequest InBand(ReadOnlyMemory<byte> source, int longestEdge = 192, int maxBytes = 64 * 1024) =>
        new(RenderJob.InBand, source, longestEdge, ImageFormat.Png, maxBytes);

    /// <summary>A face of our own, drawn in a view box of 512 × 512; never give this text that somebody else wrote.</summary>
    public static RenderRequest Face(string svg, int size, ImageFormat? format = null) =>
        new(RenderJob.Face, Encoding.UTF8.GetBytes(svg), size, format, 0);

    internal static RenderRequest Of(RenderJob job, ReadOnlyMemory<byte> source, int size, ImageFormat? format, int maxBytes) =>
        new(job, source, size, format, maxBytes);
}

/// <summary>A finished picture.</summary>
/// <param name="Width">Pixels of one frame.</param>
/// <param name="Height">Pixels of one frame.</param>
public sealed record RenderedImage(ReadOnlyMemory<byte> Bytes, ImageFormat Format, int Width, int Height);
