using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>An operation whose answer is a file too large for memory.</summary>
public abstract record StreamedOperation : Operation
{
    protected sealed override Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        throw new OperationRefusedException("This operation answers with a stream.");

    /// <summary>Writes the answer and then the audit log's entry. What is written before an exception is no answer.</summary>
    public async Task Carry(OperationContext context, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            var note = await Write(context, stream, cancellationToken);
            var entry = new AuditEntry(context.Time.GetUtcNow(), context.By, note.Action, note.About, note.Reason, note.Detail);
            await context.Stores.Audit.Write(entry, CancellationToken.None);
        }
        catch (Exception exception) when (IsForTheOperator(exception))
        {
            throw new OperationRefusedException(exception.Message, exception);
        }
    }

    protected abstract Task<AuditNote> Write(OperationContext context, Stream stream, CancellationToken cancellationToken);
}
