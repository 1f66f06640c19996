namespace Likeness.Imaging;

/// <summary>Renders in this process, one picture at a time: for commands, not for servers (a fault in a decoder ends the process).</summary>
public sealed class InProcessRenderer(ImageLimits limits) : IImageRenderer
{
    private readonly ImageGate _gate = new(limits);

    public InProcessRenderer()
        : this(ImageLimits.Default)
    {
    }

    public Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellation)
    {
        _ = _gate;
        throw new NotSupportedException("comes with the next commit");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
