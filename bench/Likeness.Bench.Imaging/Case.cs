using Likeness.Imaging;

namespace Likeness.Bench.Imaging;

/// <summary>One row: a source of this edge to this size and format.</summary>
internal sealed record Case(Source Source, int Size, ImageFormat Format)
{
    public string Name => $"{Source.Edge}² → {Size} {Format}";

    public RenderRequest Request => RenderRequest.Photo(Source.Bytes, Size, Format);
}

/// <summary>A photo-like JPEG, in memory for us and as a file for the C program.</summary>
internal sealed record Source(int Edge, byte[] Bytes, string Path);
