using System.Text;

namespace Likeness.Imaging.Workers;

/// <summary>The inside of a worker process: answers requests from its standard input until that ends.</summary>
public static class RenderWorker
{
    private const int Done = 0;
    private const int CannotWork = 3;

    /// <summary>Serves on the calling thread; nothing else may write to <paramref name="output"/>.</summary>
    /// <returns>The process's exit code.</returns>
    public static Task<int> Run(Stream input, Stream output)
    {
        Renderer renderer;
        try
        {
            renderer = new Renderer();
        }
        catch (RenderUnavailableException exception)
        {
            Say(output, ReplyKind.Unavailable, 0, exception.Message);
            return Task.FromResult(CannotWork);
        }

        return Task.FromResult(Serve(input, output, request => renderer.Render(request, HeaderOf(request))));
    }

    /// <summary>The loop around any way to render; tests put faults in here.</summary>
    internal static int Serve(Stream input, Stream output, Func<RenderRequest, RenderedImage> render)
    {
        WorkerSignals.IgnoreFileLimit();
        Say(output, ReplyKind.Ready, 0, "");
        Span<byte> head = stackalloc byte[RequestHead.Bytes];

        // Pinned once and reused: libvips reads the picture where the pipe wrote it.
        var buffer = GC.AllocateUninitializedArray<byte>(256 * 1024, pinned: true);
        while (input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var request = RequestHead.Read(head);
            if (request.Length > buffer.Length)
            {
                buffer = GC.AllocateUninitializedArray<byte>(request.Length, pinned: true);
            }

            var source = buffer.AsMemory(0, request.Length);
            input.ReadExactly(source.Span);
            try
            {
                Say(output, render(RenderRequest.Of(request.Job, source, request.Size, request.Format, request.MaxBytes)));
            }
            catch (ImageRefusedException exception)
            {
                Say(output, ReplyKind.Refused, (byte)exception.Reason, exception.Message);
            }
        }

        return Done;
    }

    private static ImageHeader? HeaderOf(RenderRequest request)
    {
        if (request.Job == RenderJob.Face)
        {
            return null;
        }

        return ImageGate.TryIdentify(request.Source.Span, out var header)
            ? header
            : throw new ImageRefusedException(RefusalReason.UnknownFormat, "This is not a picture that can be read.");
    }

    private static void Say(Stream output, RenderedImage image) =>
        Say(output, new ReplyHead(image.Bytes.Length, ReplyKind.Rendered, (byte)image.Format, image.Width, image.Height), image.Bytes.Span);

    private static void Say(Stream output, ReplyKind kind, byte detail, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Say(output, new ReplyHead(bytes.Length, kind, detail, 0, 0), bytes);
    }

    private static void Say(Stream output, ReplyHead head, ReadOnlySpan<byte> bytes)
    {
        Span<byte> frame = stackalloc byte[ReplyHead.Bytes];
        head.Write(frame);
        output.Write(frame);
        output.Write(bytes);
        output.Flush();
    }
}
