namespace Likeness.Server.Administration;

/// <summary>Lists the blocked pictures.</summary>
public sealed record ListBlocks : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        new() { Blocks = await context.Stores.Blocks.List(cancellationToken) };
}
