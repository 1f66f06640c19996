using System.Reflection;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Likeness.Imaging.Workers;

/// <summary>The inside of a worker process: answers requests from its standard input until that ends.</summary>
public static class RenderWorker
{
    private const int Done = 0;
    private const int CannotWork = 3;

    /// <summary>Serves on the calling thread; nothing else may write to standard output.</summary>
    /// <returns>The process's exit code.</returns>
    public static Task<int> Run()
    {
        var (input, output) = (StandardStream(0, FileAccess.Read), StandardStream(1, FileAccess.Write));
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

        WarmUp(renderer);
        return Task.FromResult(Serve(input, output, request => renderer.Render(request, HeaderOf(request)), Confinement.Enter()));
    }

    /// <summary>Not the console's: that looks for a terminal at its first write, when no file can be opened any more.</summary>
    internal static Stream StandardStream(int number, FileAccess access) => new FileStream(new SafeFileHandle(number, ownsHandle: false), access, bufferSize: 0);

    /// <summary>Everything that a render opens from disk (assemblies, codecs, tables) is opened now: afterwards no file can be.</summary>
    internal static void WarmUp(Renderer renderer)
    {
        const string drawing = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><circle cx="256" cy="256" r="200" fill="#888"/></svg>""";
        const int size = 16;
        LoadReferences(typeof(RenderWorker).Assembly, []);
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            try
            {
                var face = renderer.Render(RenderRequest.Face(drawing, size, format), header: null);
                foreach (var request in new[] { RenderRequest.Photo(face.Bytes, size / 2), RenderRequest.Master(face.Bytes), RenderRequest.Master(face.Bytes, crop: new Crop(CropPart.Square, -2, 1, 12, 10, IsMirrored: true)), RenderRequest.Photo(face.Bytes[..^20], size) })
                {
                    renderer.Render(request, HeaderOf(request));
                }
            }
            catch (ImageRefusedException)
            {
                // The one that is cut short; and a library may lack a format.
            }
        }
    }

    /// <summary>The loop around any way to render; tests put faults in here.</summary>
    /// <param name="unconfined">What of its confinement could not be had.</param>
    internal static int Serve(Stream input, Stream output, Func<RenderRequest, RenderedImage> render, string unconfined = "")
    {
        WorkerSignals.IgnoreFileLimit();
        Say(output, ReplyKind.Ready, 0, unconfined);
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
                Say(output, render(RenderRequest.Of(request.Job, source, request.Size, request.Format, request.MaxBytes, request.Crop)));
            }
            catch (ImageRefusedException exception)
            {
                Say(output, ReplyKind.Refused, (byte)exception.Reason, exception.Message);
            }
        }

        return Done;
    }

    /// <summary>The runtime loads an assembly when a method that needs it runs for the first time, which may be the one for a rare picture.</summary>
    private static void LoadReferences(Assembly assembly, HashSet<string> seen)
    {
        foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => seen.Add(reference.FullName)))
        {
            try
            {
                LoadReferences(Assembly.Load(reference), seen);
            }
            catch (FileNotFoundException)
            {
                // One that exists on another system only.
            }
        }
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
