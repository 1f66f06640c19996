namespace Likeness.Imaging;

/// <summary>Turns encoded pictures into renditions.</summary>
public interface IImageRenderer : IAsyncDisposable
{
    /// <exception cref="ImageRefusedException">The picture is at fault.</exception>
    /// <exception cref="RenderUnavailableException">No renderer could be had.</exception>
    Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken);
}
