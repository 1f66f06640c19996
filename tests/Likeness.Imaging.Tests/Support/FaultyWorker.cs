using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Support;

/// <summary>A render worker that misbehaves when the drawing it is given says so; only this test program has it.</summary>
internal static partial class FaultyWorker
{
    private const string Fault = "fault:";

    /// <summary>A request for a fault, and what it needs to know.</summary>
    public static RenderRequest Do(string fault, string detail = "") => RenderRequest.Face($"{Fault}{fault}:{detail}", 64);

    public static WorkerPoolOptions Options { get; } = new()
    {
        Command = new WorkerCommand(Environment.ProcessPath!, "render-worker"),
        MaxWorkers = 1,
    };

    /// <summary>The same in a worker that is confined as the real one is.</summary>
    public static WorkerPoolOptions Confined { get; } = Options with { Command = new WorkerCommand(Environment.ProcessPath!, "confined-render-worker") };

    public static int Run(bool confined = false)
    {
        var renderer = new Renderer();
        var requests = 0;
        var unconfined = "nothing was asked for";
        if (confined)
        {
            RenderWorker.WarmUp(renderer);
            Attempts.Prepare();
            unconfined = Confinement.Enter();
        }

        return RenderWorker.Serve(
            RenderWorker.StandardStream(0, FileAccess.Read),
            RenderWorker.StandardStream(1, FileAccess.Write),
            request =>
            {
                requests++;
                if (request.Job == RenderJob.Face && Encoding.UTF8.GetString(request.Source.Span) is var text && text.StartsWith(Fault, StringComparison.Ordinal))
                {
                    var parts = text.Split(':', 3);
                    if (parts[1] == "try")
                    {
                        throw new ImageRefusedException(RefusalReason.Undecodable, $"{Attempts.Make(parts[2])}");
                    }

                    return parts[1] == "tire" && requests == 1
                        ? renderer.Render(RenderRequest.Face("<svg xmlns='http://www.w3.org/2000/svg' width='512' height='512'/>", request.Size), null)
                        : Misbehave(parts[1], parts[2]);
                }

                ImageGate.TryIdentify(request.Source.Span, out var header);
                return renderer.Render(request, header);
            },
            unconfined);
    }

    private static RenderedImage Misbehave(string fault, string detail)
    {
        switch (fault)
        {
            case "crash":
                _ = strlen(1);
                break;
            case "hang":
                // The test sees the connection and knows that the render has begun.
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Connect(new UnixDomainSocketEndPoint(detail));
                    new ManualResetEventSlim().Wait();
                }

                break;
            case "spin":
                while (Environment.TickCount64 >= 0)
                {
                }

                break;
            case "hog":
                HogMemory();
                break;
            case "tire":
                throw new ImageRefusedException(RefusalReason.TooCostly, "no memory is left");
            case "environment":
                throw new ImageRefusedException(RefusalReason.Undecodable, Environment.GetEnvironmentVariable(detail) ?? "not set");
            case "nonsense":
                return new RenderedImage("<script>"u8.ToArray(), ImageFormat.Png, 64, 64);
            case "write":
                File.WriteAllText(detail, "a worker wrote this");
                break;
        }

        new ManualResetEventSlim().Wait();
        return new RenderedImage(default, ImageFormat.Png, 0, 0);
    }

    private static unsafe void HogMemory()
    {
        const int step = 16 * 1024 * 1024;
        for (var taken = 0L; taken < 4L * 1024 * 1024 * 1024; taken += step)
        {
            NativeMemory.Fill(NativeMemory.Alloc(step), step, 1);
        }
    }

    [LibraryImport("libc")]
    private static partial nint strlen(nint text);
}
