using NetVips;

namespace Likeness.Imaging.Steps;

/// <summary>A picture on its way through the steps: one image per frame, and what it is to become.</summary>
internal sealed class Rendering(RenderRequest request, ImageHeader? header) : IDisposable
{
    /// <summary>What is done to a picture, in order. Orientation waits until the picture is small: a centred square is the same before and after turning.</summary>
    private static readonly Action<Rendering>[] Photo =
    [
        Opening.Photo,
        Framing.Cut,
        Framing.CropSquare,
        Framing.Resize,
        Colouring.ToSrgb,
        Framing.Orient,
        Writing.ChooseMasterFormat,
        Colouring.Flatten,
        Writing.JoinFrames,
        Writing.StripMetadata,
        Writing.Encode,
    ];

    private static readonly Action<Rendering>[] Whole =
    [
        Opening.Photo,
        Framing.Fit,
        Colouring.ToSrgb,
        Framing.Orient,
        Writing.ChooseMasterFormat,
        Colouring.Flatten,
        Writing.StripMetadata,
        Writing.Encode,
    ];

    private static readonly Action<Rendering>[] Face =
    [
        Opening.Drawing,
        Framing.Resize,
        Colouring.Flatten,
        Writing.StripMetadata,
        Writing.Encode,
    ];

    public RenderRequest Request { get; } = request;

    /// <summary>Null for a face: SVG has none.</summary>
    public ImageHeader? Header { get; } = header;

    /// <summary>Milliseconds each frame of a GIF is shown; null for other formats, whose frames say so themselves.</summary>
    public int[]? Delays { get; set; }

    /// <summary>How often a GIF is shown; 0 for ever.</summary>
    public int Loops { get; set; }

    public List<Image> Frames { get; } = [];

    public Image First => Frames[0];

    /// <summary>Edge of the result in pixels.</summary>
    public int Size { get; set; } = request.Size;

    public ImageFormat Format { get; set; } = request.Format ?? header?.Format ?? ImageFormat.Png;

    public RenderedImage? Result { get; set; }

    public RenderedImage Run()
    {
        foreach (var step in Request.Job switch { RenderJob.Face => Face, RenderJob.Whole => Whole, _ => Photo })
        {
            step(this);
        }

        return Result!;
    }

    /// <summary>Puts another image in the place of each frame.</summary>
    public void Change(Func<Image, Image> change)
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
