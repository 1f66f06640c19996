namespace Likeness.Server.Administration;

/// <summary>Ends a block, in every form of the picture. Nobody gets the picture back by that.</summary>
/// <param name="Hash">SHA-1 of one of its forms.</param>
public sealed record UnblockPicture(string Hash) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var blocks = await context.Stores.Blocks.List(cancellationToken);
        if (!PictureId.TryParse(Hash, out var id) || blocks.FirstOrDefault(block => block.Picture == id) is not { Subject: var subject })
        {
            throw new OperationRefusedException($"'{Hash}' is not blocked.");
        }

        foreach (var block in blocks.Where(block => block.Subject == subject))
        {
            await context.Stores.Blocks.Remove(block.Picture, cancellationToken);
        }

        await context.Guard.Load(cancellationToken);
        return new Answer { Text = $"{subject} can be shown again.", Notes = [new AuditNote("avatar unblock", subject.Hex)] };
    }
}
