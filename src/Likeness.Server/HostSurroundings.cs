using Likeness.Imaging.Workers;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What a server is given by the program it runs in.</summary>
/// <param name="RenderWorker">The program that renders pictures.</param>
public sealed record HostSurroundings(WorkerCommand RenderWorker)
{
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public Action<ILoggingBuilder> Logging { get; init; } = _ => { };
}
