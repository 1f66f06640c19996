using Likeness.Libravatar;
using Microsoft.AspNetCore.Http;

namespace Likeness.Http.Api;

/// <summary><c>/api/v1/portraits/query</c>: which of many people show a picture to everybody, so that an application need not publish hashes of the others.</summary>
internal sealed class QueryResource(PortraitBook book, AddressBook addresses, ApiTokens tokens)
{
    private const int Most = 1000;
    private const int AskedForOneRequest = 20;

    public async Task<IResult> Post(HttpContext context)
    {
        var caller = ApiCaller.Of(context);
        var query = await ApiBody.Json(context.Request, ApiJson.Default.QueryDocument, context.RequestAborted);
        var (texts, hashes) = (query.Addresses ?? [], query.Hashes ?? []);
        if (texts.Count + hashes.Count > Most)
        {
            throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, $"At most {Most} addresses and hashes can be asked for at once.");
        }

        tokens.Spend(caller.Token, (texts.Count + hashes.Count) / AskedForOneRequest);
        var found = new List<FoundPortrait>();
        foreach (var text in texts)
        {
            var address = ApiAddress.Read(text);
            var owner = caller.MayTouch(address.Domain) ? await addresses.Find(address, context.RequestAborted) : null;
            await Look(caller, text, owner, found, context.RequestAborted);
        }

        foreach (var text in hashes)
        {
            var hash = AddressHash.TryParse(text, out var read)
                ? read
                : throw new ApiRefusedException(StatusCodes.Status422UnprocessableEntity, "A hash has 32 or 64 hex digits.");
            await Look(caller, text, await addresses.Find(hash, context.RequestAborted), found, context.RequestAborted);
        }

        return Results.Json(new FoundDocument(found), ApiJson.Default.FoundDocument);
    }

    private async ValueTask Look(ApiCaller caller, string asked, Identity? owner, List<FoundPortrait> found, CancellationToken cancellationToken)
    {
        if (owner is not { } person || !caller.MayTouch(person))
        {
            return;
        }

        var portrait = await book.Find(person, cancellationToken);
        if (portrait.Source is { } picture && book.VisibilityOf(portrait).ShowsTo(AvatarRelation.Stranger))
        {
            found.Add(new FoundPortrait(asked, portrait.Version, picture.Id.Hex));
        }
    }
}
