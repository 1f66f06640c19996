using System.Globalization;

namespace Likeness.Server.Administration;

/// <summary>Lists who shows a picture, page by page until <see cref="Answer.Next"/> is null.</summary>
/// <param name="Domain">Only people of this domain; null: everybody.</param>
/// <param name="After">The <see cref="Answer.Next"/> of the page before; null: the first page.</param>
public sealed record ListPortraits(string? Domain, string? After) : Operation
{
    private const int PageSize = 500;

    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var page = await context.Stores.Bulk.Portraits(After is null ? null : new Identity(After), PageSize, cancellationToken);
        var rows = page.Where(portrait => Domain is null || portrait.Identity.Domain.Equals(Domain, StringComparison.OrdinalIgnoreCase))
            .Select(portrait => PortraitRow.Of(portrait, context.Book)).ToList();
        return new Answer
        {
            Rows = rows,
            Lines = [.. rows.Select(PortraitRow.Line)],
            Next = page.Count < PageSize ? null : page[^1].Identity.Value,
        };
    }
}

/// <summary>A portrait in a list. Its id is the one by which chats know the picture, in every command alike.</summary>
internal static class PortraitRow
{
    public static IReadOnlyDictionary<string, string> Of(Portrait portrait, PortraitBook book)
    {
        var picture = portrait.Source!;
        return new Dictionary<string, string>
        {
            ["person"] = portrait.Identity.Value,
            ["id"] = IdOf(portrait).Hex,
            ["mediaType"] = picture.MediaType,
            ["width"] = Text(picture.Width),
            ["height"] = Text(picture.Height),
            ["bytes"] = Text(picture.Length),
            ["visibility"] = book.VisibilityOf(portrait).ToString().ToLowerInvariant(),
            ["origin"] = portrait.Origin.ToString().ToLowerInvariant(),
            ["changed"] = portrait.Changed.ToString("O", CultureInfo.InvariantCulture),
            ["locked"] = portrait.Lock is null ? "no" : "yes",
        };
    }

    public static PictureId IdOf(Portrait portrait) => (portrait.Picture ?? portrait.Master)!.Id;

    public static string Line(IReadOnlyDictionary<string, string> row) => string.Join(
        "  ",
        row["person"],
        row["id"],
        $"{row["mediaType"]} {row["width"]}×{row["height"]}",
        row["visibility"],
        row["changed"][..10] + (row["locked"] == "yes" ? "  locked" : ""));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
