using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>A picture on its way through the steps: one image per frame, and what it is to become.</summary>
internal sealed unsafe class Rendering(RenderRequest request, ImageHeader? header, byte* source) : IDisposable
{
    public RenderRequest Request { get; } = request;

    /// <summary>Null for a face: SVG has none.</summary>
    public ImageHeader? Header { get; } = header;

    public byte* Source { get; } = source;

    public List<VipsImage> Frames { get; } = [];

    public VipsImage First => Frames[0];

    /// <summary>Edge of the result in pixels.</summary>
    public int Size { get; set; } = request.Size;

    public ImageFormat Format { get; set; } = request.Format ?? header?.Format ?? ImageFormat.Png;

    public RenderedImage? Result { get; set; }

    /// <summary>Puts another image in the place of each frame.</summary>
    public void Change(Func<VipsImage, VipsImage> change)
    {
        for (var i = 0; i < Frames.Count; i++)
        {
            var before = Frames[i];
            Frames[i] = change(before);
            before.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var frame in Frames)
        {
            frame.Dispose();
        }

        Frames.Clear();
    }
}
