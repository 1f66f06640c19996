using Likeness.Imaging.Workers;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Server.Control;

/// <summary>Runs operations on a data directory: in the server that has it open, or right here when none has.</summary>
/// <param name="configuration">What environment and file say, strongest first; nothing in it means that any domain is accepted.</param>
/// <param name="renderWorker">The program that renders pictures when no server runs.</param>
public sealed class Administrator(string dataDirectory, WorkerCommand renderWorker, params OptionSource[] configuration) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1);
    private OfflineContext? _offline;

    /// <summary>What was opened for the first operation stays open for the next.</summary>
    public async Task<Answer> Run(Operation operation, CancellationToken cancellationToken)
    {
        if (_offline is null && await ControlClient.TryRun(dataDirectory, operation, cancellationToken) is { } answer)
        {
            return answer;
        }

        return await operation.Carry((await Opened(cancellationToken)).OperationContext, cancellationToken);
    }

    /// <summary>Copies what the operation answers into the stream.</summary>
    public async Task Stream(StreamedOperation operation, Stream to, CancellationToken cancellationToken)
    {
        if (_offline is null && await ControlClient.TryStream(dataDirectory, operation, to, cancellationToken))
        {
            return;
        }

        await operation.Carry((await Opened(cancellationToken)).OperationContext, to, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_offline is not null)
        {
            await _offline.DisposeAsync();
        }

        _opening.Dispose();
    }

    private async Task<OfflineContext> Opened(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _offline ??= await OfflineContext.Open(dataDirectory, configuration, renderWorker, cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }
}
