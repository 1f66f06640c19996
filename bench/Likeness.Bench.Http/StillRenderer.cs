using Likeness.Imaging;

namespace Likeness.Bench.Http;

/// <summary>Returns the first bytes of the picture as they are: the benchmark measures answers from the cache.</summary>
internal sealed class StillRenderer : IImageRenderer
{
    public Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken) =>
        Task.FromResult(new RenderedImage(request.Source, request.Format ?? ImageFormat.Jpeg, request.Size, request.Size));

    public ValueTask DisposeAsync() => default;
}
