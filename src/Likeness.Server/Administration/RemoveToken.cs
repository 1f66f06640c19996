namespace Likeness.Server.Administration;

/// <summary>Removes an API token; its next request is refused already.</summary>
public sealed record RemoveToken(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        await context.Stores.ApiTokens.Remove(Name, cancellationToken)
            ? new Answer { Text = $"The token {Name} opens nothing any more.", Notes = [new AuditNote("token remove", null, Detail: Name)] }
            : throw new OperationRefusedException($"There is no token {Name}.");
}
