using Likeness.Imaging.Vips;

namespace Likeness.Imaging.Steps;

/// <summary>Opens a face's SVG, drawn at the asked size right away. The only place that may use the SVG loader.</summary>
internal static unsafe class OpenDrawing
{
    private const double ViewBox = 512;

    public static void Apply(Rendering work)
    {
        using var allowance = VipsLibrary.AllowSvg();
        work.Frames.Add(new VipsOperation("svgload_buffer"u8)
            .With("buffer"u8, work.Source, work.Request.Source.Length)
            .With("scale"u8, work.Size / ViewBox)
            .Image());
    }
}
