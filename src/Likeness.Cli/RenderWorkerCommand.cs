using System.CommandLine;
using Likeness.Imaging.Workers;

namespace Likeness.Cli;

/// <summary>The inside of a render worker; the server starts it, nobody else.</summary>
internal sealed class RenderWorkerCommand : Command
{
    public const string Word = "render-worker";

    public RenderWorkerCommand()
        : base(Word, "Renders pictures for the server.")
    {
        Hidden = true;
        SetAction((_, _) => RenderWorker.Run());
    }

    /// <summary>A renderer for a command: one worker, gone when the command is.</summary>
    public static WorkerPool Renderer() => new(new WorkerPoolOptions { Command = OwnCommand(), MaxWorkers = 1 });

    /// <summary>How this program starts itself as a worker.</summary>
    public static WorkerCommand OwnCommand()
    {
        var program = typeof(RenderWorkerCommand).Assembly.Location;
        var process = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(process) == "dotnet")
        {
            return new WorkerCommand(process, program, Word);
        }

        // In a package the program that starts this assembly has another name; in a test it is somebody else.
        var starter = Path.ChangeExtension(program, null);
        return new WorkerCommand(File.Exists(starter) ? starter : process, Word);
    }
}
