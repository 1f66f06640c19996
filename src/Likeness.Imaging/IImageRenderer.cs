namespace Likeness.Imaging;

/// <summary>Turns encoded pictures into renditions.</summary>
public interface IImageRenderer : IAsyncDisposable
{
    /// <exception cref="ImageRefusedException">The picture is at fault.</exception>
    /// <exception cref="RenderUnavailableException">No renderer could be had.</exception>
    Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken);
}

/// <summary>No renderer could be had: none starts, too many requests wait, or the server is stopping. The picture is not to blame; asking again later may work.</summary>
public sealed class RenderUnavailableException(string message, Exception? innerException = null)
    : Exception(message, innerException);
