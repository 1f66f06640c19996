using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>An operation whose answer is a file too large for memory.</summary>
public abstract record StreamedOperation : Operation
{
    public sealed override Task<Answer> Run(Workplace workplace, CancellationToken cancellation) =>
        throw new OperationRefusedException("This operation answers with a stream.");

    /// <summary>Writes the answer and then the audit log's entry. What is written before an exception is no answer.</summary>
    public async Task Carry(Workplace workplace, Stream stream, CancellationToken cancellation)
    {
        var note = await Write(workplace, stream, cancellation);
        var entry = new AuditEntry(workplace.Time.GetUtcNow(), workplace.By, note.Action, note.About, note.Reason, note.Detail);
        await workplace.Stores.Audit.Write(entry, CancellationToken.None);
    }

    protected abstract Task<AuditNote> Write(Workplace workplace, Stream stream, CancellationToken cancellation);
}
