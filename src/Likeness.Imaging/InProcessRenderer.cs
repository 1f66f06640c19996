namespace Likeness.Imaging;

/// <summary>Renders in this process, one picture at a time: for tests and benchmarks, where no stranger's picture is rendered.</summary>
internal sealed class InProcessRenderer(ImageLimits limits) : IImageRenderer
{
    /// <summary>One for the process, as libvips is.</summary>
    private static readonly Lock OneAtATime = new();

    private readonly ImageGate _gate = new(limits);

    public InProcessRenderer()
        : this(ImageLimits.Default)
    {
    }

    public Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var header = request.Job == RenderJob.Face ? null : _gate.Inspect(request.Source.Span);
                lock (OneAtATime)
                {
                    return new Renderer().Render(request, header);
                }
            },
            cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
