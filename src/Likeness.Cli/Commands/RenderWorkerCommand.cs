using System.CommandLine;
using Likeness.Imaging.Workers;

namespace Likeness.Cli.Commands;

/// <summary>The inside of a render worker; the server starts it, nobody else.</summary>
internal sealed class RenderWorkerCommand : Command
{
    public const string Word = "render-worker";

    public RenderWorkerCommand()
        : base(Word, "Renders pictures for the server.")
    {
        Hidden = true;
        SetAction((_, _) => RenderWorker.Run(Console.OpenStandardInput(), Console.OpenStandardOutput()));
    }

    /// <summary>How this program starts itself as a worker.</summary>
    public static WorkerCommand OwnCommand()
    {
        var program = typeof(RenderWorkerCommand).Assembly.Location;
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? new WorkerCommand(process, program, Word)
            : new WorkerCommand(Path.ChangeExtension(program, null), Word);
    }
}
