using System.Security.Cryptography;
using System.Text;
using Likeness.Imaging;

namespace Likeness.Http.Tests.Hosting;

/// <summary>"Renders" a text that names what was asked for, and counts.</summary>
internal sealed class EchoRenderer : IImageRenderer
{
    private int _count;
    private int _photos;

    public int Count => _count;

    public int Photos => _photos;

    /// <summary>Set to hold renders back.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Exception? Failure { get; set; }

    /// <summary>Completes when a render has begun.</summary>
    public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static string Text(RenderJob job, string source, int size, ImageFormat format) => Text(job, Encoding.UTF8.GetBytes(source), size, format);

    public static string Text(RenderJob job, ReadOnlySpan<byte> source, int size, ImageFormat format) =>
        $"{job} {size} {format} {Convert.ToHexStringLower(SHA256.HashData(source))}";

    public async Task<RenderedImage> Render(RenderRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _count);
        if (request.Job == RenderJob.Photo)
        {
            Interlocked.Increment(ref _photos);
        }

        Begun.TrySetResult();
        await Gate;
        if (Failure is not null && request.Job == RenderJob.Photo)
        {
            throw Failure;
        }

        var format = request.Format ?? ImageFormat.Png;
        var text = Text(request.Job, request.Source.Span, request.Size, format);
        return new RenderedImage(Encoding.ASCII.GetBytes(text), format, request.Size, request.Size);
    }

    public ValueTask DisposeAsync() => default;
}
