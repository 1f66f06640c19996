namespace Likeness.Server.Administration;

/// <summary>Takes the page away on which somebody tells of themselves, with everything on it; the picture stays.</summary>
/// <param name="Reason">What the person is told.</param>
public sealed record ClearProfile(string Address, string? Reason) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Address), cancellationToken);
        return await context.Profiles.Clear(owner, Reason, context.By)
            ? new Answer { Text = $"{owner} has no profile page any more." }
            : throw new OperationRefusedException($"{owner} has written no profile page.");
    }
}
