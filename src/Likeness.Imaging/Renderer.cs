using Likeness.Imaging.Steps;
using NetVips;

namespace Likeness.Imaging;

/// <summary>Runs a request through its steps on the calling thread. Never on two threads at once.</summary>
internal sealed class Renderer
{
    /// <summary>Edges a chat picture may shrink to until it fits; clients show it at 32 to 96 px (XEP-0084 §4.1).</summary>
    private static readonly int[] SmallerEdges = [160, 128, 96, 64];

    public Renderer() => VipsLibrary.Start();

    /// <param name="header">Null for a face.</param>
    /// <exception cref="ImageRefusedException">It cannot be decoded.</exception>
    public RenderedImage Render(RenderRequest request, ImageHeader? header)
    {
        try
        {
            return request.Job == RenderJob.InBand ? UntilItFits(request, header) : Once(request, header);
        }
        catch (Exception exception) when (exception is OutOfMemoryException || (exception is VipsException && exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)))
        {
            throw new ImageRefusedException(RefusalReason.TooCostly, "The picture needs more memory than one picture may take.", exception);
        }
        catch (Exception exception) when (exception is VipsException or InvalidDataException)
        {
            throw new ImageRefusedException(RefusalReason.Undecodable, "The picture is damaged or cut short and cannot be decoded.", exception);
        }
    }

    private static RenderedImage UntilItFits(RenderRequest request, ImageHeader? header)
    {
        var rendered = Once(request, header);
        foreach (var edge in SmallerEdges)
        {
            if (rendered.Bytes.Length <= request.MaxBytes)
            {
                break;
            }

            if (edge < rendered.Width)
            {
                rendered = Once(RenderRequest.InBand(request.Source, edge, request.MaxBytes), header);
            }
        }

        return rendered;
    }

    private static RenderedImage Once(RenderRequest request, ImageHeader? header)
    {
        using var work = new Rendering(request, header);
        return work.Run();
    }
}
