using System.Buffers.Binary;

namespace Likeness.Imaging.Workers;

/// <summary>What a worker may say.</summary>
internal enum ReplyKind : byte
{
    /// <summary>Said once, before the first request; the text is what of its confinement could not be had.</summary>
    Ready,
    Rendered,
    Refused,

    /// <summary>The worker cannot work at all.</summary>
    Unavailable,
}

/// <summary>What precedes the bytes of a request on the pipe; numbers are little-endian.</summary>
internal readonly record struct RequestHead(int Length, RenderJob Job, ImageFormat? Format, int Size, int MaxBytes, Crop? Crop = null)
{
    public const int Bytes = CropAt + Imaging.Crop.Bytes;
    private const int CropAt = 14;
    private const byte NoFormat = 255;

    public static RequestHead Of(RenderRequest request) =>
        new(request.Source.Length, request.Job, request.Format, request.Size, request.MaxBytes, request.Crop);

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length);
        to[4] = (byte)Job;
        to[5] = Format is { } format ? (byte)format : NoFormat;
        BinaryPrimitives.WriteInt32LittleEndian(to[6..], Size);
        BinaryPrimitives.WriteInt32LittleEndian(to[10..], MaxBytes);
        Imaging.Crop.Write(Crop, to[CropAt..]);
    }

    public static RequestHead Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt32LittleEndian(from),
        (RenderJob)from[4],
        from[5] == NoFormat ? null : (ImageFormat)from[5],
        BinaryPrimitives.ReadInt32LittleEndian(from[6..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[10..]),
        Imaging.Crop.Read(from[CropAt..]));
}

/// <summary>What precedes the bytes of a reply: the picture, or the text of a refusal.</summary>
/// <param name="Detail">The format of a picture, the reason of a refusal.</param>
internal readonly record struct ReplyHead(int Length, ReplyKind Kind, byte Detail, int Width, int Height)
{
    public const int Bytes = 14;

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to, Length);
        to[4] = (byte)Kind;
        to[5] = Detail;
        BinaryPrimitives.WriteInt32LittleEndian(to[6..], Width);
        BinaryPrimitives.WriteInt32LittleEndian(to[10..], Height);
    }

    public static ReplyHead Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadInt32LittleEndian(from),
        (ReplyKind)from[4],
        from[5],
        BinaryPrimitives.ReadInt32LittleEndian(from[6..]),
        BinaryPrimitives.ReadInt32LittleEndian(from[10..]));
}
