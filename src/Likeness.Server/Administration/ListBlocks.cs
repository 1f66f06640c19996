namespace Likeness.Server.Administration;

/// <summary>Lists the blocked pictures.</summary>
public sealed record ListBlocks : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation) =>
        new() { Blocks = await workplace.Stores.Blocks.List(cancellation) };
}
