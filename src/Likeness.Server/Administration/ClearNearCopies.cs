using Likeness.Imaging;
using Likeness.Server.Blocks;

namespace Likeness.Server.Administration;

/// <summary>Looks at some of the stored pictures and takes those away that look like a blocked one. Repeated until <see cref="Answer.Next"/> is null.</summary>
/// <param name="Subject">What was blocked with its near copies.</param>
/// <param name="After">The picture the last page ended with; null for the first page.</param>
public sealed record ClearNearCopies(string Subject, string? After) : Operation
{
    private const int PageSize = 50;

    /// <summary>Its count is of the pictures looked at, its list of the people cleared.</summary>
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var block = PictureId.TryParse(Subject, out var subject) ? context.Guard.Find(subject) : null;
        var blocked = new PerceptualHash(block?.Near ?? throw new OperationRefusedException($"Near copies of '{Subject}' are not blocked."));
        var page = await context.Stores.Blocks.Pictures(PictureId.TryParse(After, out var after) ? after : null, PageSize, cancellationToken);
        var near = new List<PictureId>();
        foreach (var id in page)
        {
            if (await context.Stores.Portraits.FindPicture(id, cancellationToken) is { } picture
                && await context.Guard.LooksLike(picture, cancellationToken) is { } hash
                && hash.DistanceTo(blocked) <= PerceptualHash.Threshold)
            {
                near.Add(id);
            }
        }

        var cleared = await BlockedPictures.Clear(near, context.Stores, context.Book, context.Cause, cancellationToken);
        return new Answer
        {
            Count = page.Count,
            Accounts = [.. cleared.Select(person => person.Value)],
            Next = page.Count < PageSize ? null : page[^1].Hex,
            Notes = [.. cleared.Select(person => new AuditNote("avatar clear", person.Value, block.Reason, $"near copy of blocked {subject}"))],
        };
    }
}
