namespace Likeness.Server.Administration.Bulk;

/// <summary>Lists everybody who has a portrait or an address, page by page until <see cref="Answer.Next"/> is null.</summary>
/// <param name="Domain">Only people of this domain; null: everybody.</param>
/// <param name="After">The <see cref="Answer.Next"/> of the page before; null: the first page.</param>
public sealed record ListPeople(string? Domain, string? After) : Operation
{
    private const int PageSize = 500;

    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var page = await context.Stores.Bulk.People(After is null ? null : new Identity(After), PageSize, cancellationToken);
        return new Answer
        {
            Accounts = [.. page.Where(person => Domain is null || person.Domain.Equals(Domain, StringComparison.OrdinalIgnoreCase)).Select(person => person.Value)],
            Next = page.Count < PageSize ? null : page[^1].Value,
        };
    }
}
