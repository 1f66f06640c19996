namespace Likeness.Imaging.Workers;

/// <summary>Renders in limited child processes, so that a picture that crashes, hangs or overruns a decoder costs one request and nothing else.</summary>
public sealed class WorkerPool(WorkerPoolOptions options, TimeProvider time) : IImageRenderer
{
    public WorkerPool(WorkerPoolOptions options)
        : this(options, TimeProvider.System)
    {
    }

    public Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellation)
    {
        _ = (options, time);
        throw new NotSupportedException("comes with the next commit");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
