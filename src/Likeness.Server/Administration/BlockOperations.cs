using System.Globalization;
using Likeness.Server.Blocks;

namespace Likeness.Server.Administration;

/// <summary>Keeps a picture from ever being shown, in each of its forms, and takes it away from everybody who shows it. One of the three names it.</summary>
/// <param name="Address">Somebody who shows it.</param>
/// <param name="Hash">SHA-1 of one of its forms.</param>
/// <param name="Bytes">The picture, or the file as it was uploaded.</param>
/// <param name="Near">Near copies as well; those shown already are cleared by <see cref="ClearNearCopies"/>.</param>
/// <param name="Reason">What people who bring it are told.</param>
public sealed record BlockPicture(string? Address, string? Hash, byte[]? Bytes, bool Near, string? Reason) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var subject = await Subject(context, cancellationToken);
        var forms = (await PictureForms.Of(subject, context.Stores, context.Book, cancellationToken)).Concat(Bytes is null ? [] : [PictureId.Of(Bytes)]).Distinct().ToList();
        var near = Near ? await LooksLike(context, subject, forms, cancellationToken) : (ulong?)null;
        foreach (var form in forms)
        {
            var block = new PictureBlock(form, subject, form == subject ? near : null, Reason, context.Time.GetUtcNow());
            await context.Stores.Blocks.Save(block, cancellationToken);
        }

        await context.Guard.Load(cancellationToken);
        var cleared = await BlockedPictures.Clear(forms, context.Stores, context.Book, context.Cause, cancellationToken);
        return new Answer
        {
            Text = string.Create(CultureInfo.InvariantCulture, $"{subject} is blocked; {cleared.Count} showed it and show nothing now."),
            Next = subject.Hex,
            Count = await context.Stores.Blocks.CountPictures(cancellationToken),
            Notes =
            [
                new AuditNote("avatar block", subject.Hex, Reason, Near ? "near copies too" : null),
                .. cleared.Select(person => new AuditNote("avatar clear", person.Value, Reason, $"blocked {subject}")),
            ],
        };
    }

    private async Task<PictureId> Subject(OperationContext context, CancellationToken cancellationToken)
    {
        if (Bytes is not null)
        {
            return await KnownAs(PictureId.Of(Bytes), context, cancellationToken);
        }

        if (Address is not null)
        {
            var owner = await context.Addresses.OwnerOf(PortraitAddress.Read(Address), cancellationToken);
            var portrait = await context.Book.Find(owner, cancellationToken);
            return portrait.Source is null ? throw new OperationRefusedException($"{Address} has no picture.") : PortraitRow.IdOf(portrait);
        }

        return PictureId.TryParse(Hash, out var id) ? await KnownAs(id, context, cancellationToken) : throw new OperationRefusedException($"'{Hash}' is not the SHA-1 of a picture: 40 hex digits.");
    }

    /// <summary>The id that other commands name, where somebody shows the picture.</summary>
    private static async Task<PictureId> KnownAs(PictureId form, OperationContext context, CancellationToken cancellationToken)
    {
        var shown = await context.Stores.Blocks.Showing(form, cancellationToken);
        return shown.Count > 0 && await context.Book.Find(shown[0], cancellationToken) is { Source: not null } portrait ? PortraitRow.IdOf(portrait) : form;
    }

    private async Task<ulong> LooksLike(OperationContext context, PictureId subject, IReadOnlyList<PictureId> forms, CancellationToken cancellationToken)
    {
        Picture? picture = Bytes is null ? null : Picture.Of(Bytes, "", 0, 0);
        foreach (var form in forms)
        {
            picture ??= await context.Stores.Portraits.FindPicture(form, cancellationToken);
        }

        if (picture is null)
        {
            throw new OperationRefusedException($"{subject} is not stored here, so near copies cannot be recognised: give the file instead of the hash.");
        }

        return (await context.Guard.LooksLike(picture, cancellationToken))?.Bits
            ?? throw new OperationRefusedException("This picture is too plain for its copies to be recognised: block it without near copies.");
    }
}

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

/// <summary>Lists the blocked pictures, each once with all its forms.</summary>
public sealed record ListBlocks : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var pictures = (await context.Stores.Blocks.List(cancellationToken)).GroupBy(block => block.Subject).ToList();
        return new Answer { Rows = [.. pictures.Select(Row)], Lines = [.. pictures.Select(Line)] };
    }

    private static IReadOnlyDictionary<string, string> Row(IGrouping<PictureId, PictureBlock> forms)
    {
        var row = new Dictionary<string, string>
        {
            ["id"] = forms.Key.Hex,
            ["since"] = forms.First().Since.ToString("O", CultureInfo.InvariantCulture),
            ["near"] = IsNear(forms) ? "yes" : "no",
            ["forms"] = string.Join(',', forms.Select(block => block.Picture.Hex)),
        };
        if (forms.First().Reason is { } reason)
        {
            row["reason"] = reason;
        }

        return row;
    }

    private static string Line(IGrouping<PictureId, PictureBlock> forms)
    {
        var kind = string.Create(CultureInfo.InvariantCulture, $"{(forms.Count() == 1 ? "itself" : $"in {forms.Count()} forms")}{(IsNear(forms) ? ", near copies" : "")}");
        return string.Create(CultureInfo.InvariantCulture, $"{forms.Key.Hex}  {forms.First().Since:yyyy-MM-dd}  {kind}  {forms.First().Reason}").TrimEnd();
    }

    private static bool IsNear(IEnumerable<PictureBlock> forms) => forms.Any(block => block.Near is not null);
}
